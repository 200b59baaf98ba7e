using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers queries into a submission, in their order. A query without an answer has a row all the same.</summary>
internal static class PredictQueriesJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">By what they are answered.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="outputFile">The submission.</param>
    public static void Run(Session session, PredictSettings settings, QuerySource queries, string outputFile)
    {
        using OutputFile output = session.CreateOutput(outputFile, [.. settings.Inputs, .. queries.Files]);
        IDataView queryRows = queries.Load(session.ML);
        LandmarkNames? names = settings.Names is { } file ? LandmarkNames.Read(session.ML, file) : null;
        long count = RowCounts.Of(queryRows, session.Cancellation).All;
        OutputFiles.ThrowIfInput(outputFile, ImagePaths.Of(queryRows, session.Cancellation));
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model, settings.MaxPixels);
        IReadOnlyList<Answer> answers = Answering.Run(session, model, queryRows, count, settings, AnswerReader.Read);
        IReadOnlyList<Answer> rows = [.. answers, .. NotAsked(queryRows, answers.Count)];
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
    private static IEnumerable<Answer> NotAsked(IDataView queries, int asked)
        => queries.GetColumn<string>("Id").Skip(asked)
        .Select(id => new Answer { Id = id, PredictedLabel = "", Score = float.NaN });
}
