using Landmarks.Demo.Data;
using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Measures how many of the nearest rows the HNSW index of an index finds, by photographs as they are asked.</summary>
internal static class IndexRecallJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="schema">The index.</param>
    /// <param name="settings">What is asked, and how it is told.</param>
    public static void Run(Session session, string schema, RecallSettings settings)
    {
        using OutputFile? file = session.CreateResultOutput(settings.OutputFile, isForProgram: settings.Format is not null,
            [settings.Model, .. settings.InputFiles]);
        PhotoQuery[] photos = [.. settings.Find(session.ML)];
        if (settings.OutputFile is { } written)
            OutputFiles.ThrowIfInput(written, photos.Select(photo => photo.Path));
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model);
        model.SkipUnreadable(settings.MaxPixels);
        session.EndWhenCanceled(model.Steps);
        using var servers = IndexServers.Open();
        PostgresLandmarkIndex index = servers.Attach(schema, session.Cancellation);
        IDataView rows = session.ML.Data.LoadFromEnumerable(photos.Select(photo => new PhotoRow { Id = photo.Id, ImagePath = photo.Path }));
        LandmarkRecall recall = session.Follow(board => servers.Ask(_ => index.CheckRecallAsync(model.Steps,
            new MonitoredDataView(rows, board.Add("Photographs", photos.Length), session.Cancellation), settings.Candidates,
            session.Cancellation)));
        SingleResult.Write(session.Terminal, new DescriptionForms<LandmarkRecall, LandmarkRecall>(RecallSummary.Of(recall),
            ResultJson.Lines.LandmarkRecall, RecallSummary.Columns, told => [told]), settings.Format, file, recall);
        if (recall.OwnRowCount > 0)
            session.Terminal.WriteWarning(Errors.OwnRowsAsked(schema, recall.OwnRowCount, recall.QueryCount));
        if (!recall.IsStored)
            session.Terminal.WriteWarning(Errors.RecallNotStored(schema));
    }
}
