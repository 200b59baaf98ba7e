using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Reports.Html;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers photographs for people or for programs, which get each answer as soon as it is known.</summary>
internal static class PredictPhotosJob
{
    private const string NoVerdict = "The model has no verdict, so each answer is the best guess.";

    /// <param name="session">The job's session.</param>
    /// <param name="settings">By what they are answered.</param>
    /// <param name="find">Finds the photographs.</param>
    /// <param name="inputs">The files that say which they are.</param>
    /// <param name="format">The form of the answers; null for text among what else is said.</param>
    /// <param name="outputFile">Where they go; null for standard output.</param>
    public static void Run(Session session, PredictSettings settings, Func<MLContext, IEnumerable<PhotoQuery>> find,
        IEnumerable<string> inputs, ResultFormat? format, string? outputFile)
    {
        using OutputFile? file = session.CreateResultOutput(outputFile, isForProgram: format is not null,
            [.. settings.Inputs, .. inputs]);
        using PredictReport? report = PredictReport.Begin(session, settings, inputs);
        LandmarkNames names = settings.Names is { } namesFile ? LandmarkNames.Read(session.ML, namesFile) : LandmarkNames.None;
        PhotoQuery[] photos = [.. find(session.ML)];
        foreach (string written in new[] { outputFile, settings.Report?.File }.OfType<string>())
            OutputFiles.ThrowIfInput(written, photos.Select(photo => photo.Path));
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model, settings.Index, settings.Hnsw);
        model.SkipUnreadable(settings.MaxPixels);
        using LandmarkRecognizer recognizer = model.CreateRecognizer(session, settings);
        recognizer.Names = names.Over(recognizer.Names);
        int top = settings.Top ?? (format == ResultFormat.Json ? recognizer.NumberOfTopLandmarks : 0);
        recognizer.NumberOfTopLandmarks = Math.Max(top, report is null ? 0 : LandmarkReport.TopLandmarks);

        using var output = new ResultOutput<LandmarkAnswer>(session.Terminal, new AnswerForms(settings.Top), format, file);
        (int asked, int answered, int none) = (0, 0, 0);
        IReadOnlyList<string>? unreadable = Answering.Ask(session, recognizer, photos, settings.StopsAtBadImage, answer =>
        {
            bool isRead = output.TryWrite(answer with { Top = [.. answer.Top.Take(top)] });
            report?.Add(recognizer, answer, photos[asked].Path);
            asked++;
            answered += answer.Score is null ? 0 : 1;
            none += answer is { IsLandmark: false, Score: not null } ? 1 : 0;
            return isRead || report is not null;
        });
        // Who has read enough need not be told more.
        if (unreadable is null || (!output.TryComplete() && report is null))
            return;
        file?.Commit();
        report?.Write(recognizer);
        Answering.TellUnreadable(session, unreadable, settings.BadImages);
        string?[] sentences =
        [
            $"Answered {Quantity.Of(answered, "photograph")} in {Quantity.Of(session.Elapsed)}, "
                + $"{Quantity.Rate(asked, session.Elapsed)} images a second.",
            file is { IsStandardOutput: false } ? $"Wrote {file.Path}." : format is null && report is null ? "Nothing was written." : null,
            answered == 0 ? null : recognizer.FalseAlarmRate is null ? NoVerdict
                : $"No landmark in {none} of them, at {Quantity.Percent(recognizer.FalseAlarmRate.Value)} false alarms.",
        ];
        session.Terminal.WriteLine(string.Join(' ', sentences.OfType<string>()));
    }
}
