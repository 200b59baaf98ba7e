using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Reports.Html;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
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
        using PredictReport? report = PredictReport.Begin(session, settings, queries.Files);
        LandmarkNames? names = settings.Names is { } file ? LandmarkNames.Read(session.ML, file) : null;
        PhotoQuery[] photos = [.. PhotoArguments.Of(session.ML, queries.Load(session.ML))];
        foreach (string written in new[] { outputFile, settings.Report?.File }.OfType<string>())
            OutputFiles.ThrowIfInput(written, photos.Select(photo => photo.Path));
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model, settings.Index, settings.Hnsw);
        model.SkipUnreadable(settings.MaxPixels);
        using LandmarkRecognizer recognizer = model.CreateRecognizer(session, settings);
        recognizer.Names = (names ?? LandmarkNames.None).Over(recognizer.Names);
        recognizer.NumberOfTopLandmarks = report is null ? 0 : LandmarkReport.TopLandmarks;

        List<LandmarkAnswer> answers = [];
        IReadOnlyList<string> unreadable = Answering.Ask(session, recognizer, photos, settings.StopsAtBadImage, answer =>
        {
            report?.Add(recognizer, answer, photos[answers.Count].Path);
            if (answer.Error is null || !settings.StopsAtBadImage)
                answers.Add(answer);
            return true;
        })!;
        Answering.TellUnreadable(session, unreadable, settings.BadImages);
        // The photograph that stopped the job too, and those behind it: who ranks submissions wants a row for each.
        IReadOnlyList<Answer> rows =
            [.. answers.Select(Answer.Of), .. photos[answers.Count..].Select(photo => Answer.Of(new LandmarkAnswer { Id = photo.Id }))];
        session.ML.Data.SaveLandmarkSubmission(session.ML.Data.LoadFromEnumerable(rows), output.Stream);
        output.Commit();
        report?.Write(recognizer);
        if (names is not null)
            AnswerWriter.Write(session.Terminal, answers);
        if (rows.Count > answers.Count)
            session.Terminal.WriteWarning(Errors.NotAsked(outputFile, rows.Count - answers.Count));
        int missing = rows.Count(row => row.IsMissing);
        session.WriteSummary(output, $"{Quantity.Of(rows.Count, "row")}{(missing == 0 ? "" : $", {missing} of them without an answer")}",
            answers.Count);
    }
}
