using System.Diagnostics;
using Landmarks.Demo.Data;
using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Puts the rows of a model into an index.</summary>
internal static class IndexLoadJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="modelFile">The zip file of the model.</param>
    /// <param name="schema">The index.</param>
    /// <param name="outputFile">The zip file of the model without its rows; null for none.</param>
    public static void Run(Session session, string modelFile, string schema, string? outputFile)
    {
        using OutputFile? output = outputFile is null ? null : session.CreateModelOutput(outputFile, [modelFile]);
        using LandmarkModel model = LandmarkModel.Load(session, modelFile);
        model.RequireOwnRows();
        using var servers = IndexServers.Open();
        Load(session, servers, model, schema, output);
    }

    /// <param name="session">The job's session.</param>
    /// <param name="servers">Those that hold the index.</param>
    /// <param name="model">The model, which is used no more where it is written without its rows.</param>
    /// <param name="schema">The index.</param>
    /// <param name="output">The zip file of the model without its rows; null for none.</param>
    public static void Load(Session session, IndexServers servers, LandmarkModel model, string schema, OutputFile? output)
    {
        session.EndWhenCanceled(model.Steps);
        RowCounts rows = FittedStep.Of(model.Landmarks).Rows;
        // Each server has all non-landmarks.
        long sent = rows.Landmarks + rows.NonLandmarks * servers.Count;
        session.Terminal.WriteLine($"Loading {rows} into '{schema}' on {Quantity.Of(servers.Count, "server")}.");
        var watch = Stopwatch.StartNew();
        PostgresLandmarkIndex index = session.Follow(board => servers.Ask(sources => PostgresLandmarkIndex.LoadAsync(sources, schema,
            model.Steps, board.Add("Rows", sent), session.Cancellation)));
        session.Terminal.WriteLine($"Loaded {Quantity.Of(sent, "row")} into '{schema}' in {Quantity.Of(watch.Elapsed)}, "
            + $"{Quantity.Rate(sent, watch.Elapsed)} rows a second.");
        if (output is null)
            return;
        using LandmarkModel rowless = model.At(index);
        rowless.Save(session, output);
        output.Commit();
        session.Terminal.WriteLine($"Wrote {output.Path}: the model without its rows.");
    }
}
