using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Tells what an index consists of.</summary>
internal static class IndexInfoJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="schema">The index.</param>
    /// <param name="format">How it is told; null for text.</param>
    /// <param name="outputFile">Where; null for standard output.</param>
    public static void Run(Session session, string schema, ResultFormat? format, string? outputFile)
    {
        using OutputFile? file = session.CreateResultOutput(outputFile, isForProgram: format is not null, []);
        using var servers = IndexServers.Open();
        PostgresLandmarkIndex index = servers.Attach(schema, session.Cancellation);
        LandmarkIndexInfo info = servers.Ask(_ => index.DescribeAsync(session.Cancellation));
        SingleResult.Write(session.Terminal, new DescriptionForms<LandmarkIndexInfo, LandmarkInfo>(IndexSummary.Of(info),
            ResultJson.Lines.LandmarkIndexInfo, LandmarkColumns.All, told => told.Landmarks), format, file, info);
    }
}
