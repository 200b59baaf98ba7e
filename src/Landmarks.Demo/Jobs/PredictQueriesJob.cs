using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers the queries of a CSV file into another, in their order. A query without an answer has a row all the same.</summary>
internal static class PredictQueriesJob
{
    public static void Run(Session session, PredictSettings settings, LandmarkSource queries, string outputFile)
    {
        using OutputFile output = session.CreateOutput(outputFile,
            new[] { settings.Model, queries.CsvFile, settings.Names }.OfType<string>());
        ImageFolder.Require(queries.ImageFolder);
        LandmarkNames? names = settings.Names is { } file ? LandmarkNames.Read(session.ML, file) : null;
        long count = RowCounts.Of(session.ML.Data.LoadLandmarks(queries), session.Cancellation).All;
        OutputFiles.ThrowIfInput(outputFile, ImagePaths.Of(session.ML.Data.LoadLandmarks(queries), session.Cancellation));
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model, settings.MaxPixels);
        IReadOnlyList<Answer> answers =
            Answering.Run(session, model, session.ML.Data.LoadLandmarks(queries), count, settings, AnswerReader.Read);
        IReadOnlyList<Answer> rows = [.. answers, .. NotAsked(session, queries, answers.Count)];
        session.ML.Data.SaveLandmarkSubmission(session.ML.Data.LoadFromEnumerable(rows), output.Stream);
        output.Commit();
        if (names is not null)
            AnswerWriter.Write(session.Terminal, answers, names, model.Unreadable);
        if (rows.Count > answers.Count)
            session.Terminal.WriteWarning(Errors.NotAsked(outputFile, rows.Count - answers.Count));
        int missing = rows.Count(row => row.IsMissing);
        session.WriteSummary(output, $"{Quantity.Of(rows.Count, "row")}{(missing == 0 ? "" : $", {missing} of them without an answer")}",
            answers.Count);
    }

    // Those behind a photograph that stopped the job: who ranks submissions wants a row for each.
    private static IEnumerable<Answer> NotAsked(Session session, LandmarkSource queries, int asked)
        => session.ML.Data.LoadLandmarks(queries).GetColumn<string>("Id").Skip(asked)
        .Select(id => new Answer { Id = id, PredictedLabel = "", Score = float.NaN });
}
