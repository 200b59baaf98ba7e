using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Tells whether an index is sound.</summary>
internal static class IndexCheckJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="schema">The index.</param>
    /// <param name="rows">How many landmark rows of each server are looked at.</param>
    /// <param name="format">How it is told; null for text.</param>
    /// <param name="outputFile">Where; null for standard output.</param>
    public static void Run(Session session, string schema, int rows, ResultFormat? format, string? outputFile)
    {
        using OutputFile? file = session.CreateResultOutput(outputFile, isForProgram: format is not null, []);
        using var servers = IndexServers.Open();
        PostgresLandmarkIndex index = servers.Attach(schema, session.Cancellation);
        LandmarkIndexCheck found = servers.Ask(_ => index.CheckAsync(rows, session.Cancellation));
        SingleResult.Write(session.Terminal, new DescriptionForms<LandmarkIndexCheck, (string? Row, string? Problem)>(
            IndexSummary.Of(found), ResultJson.Lines.LandmarkIndexCheck, [("row", wrong => wrong.Row), ("problem", wrong => wrong.Problem)],
            told => [.. told.WrongRows.Select(row => (row, (string?)null)), .. told.Problems.Select(text => ((string?)null, text))]),
            format, file, found);
        if (!found.IsSound)
            session.Fail(Errors.IndexNotSound(schema, found.WrongRows.Count, found.Problems.Count));
    }
}
