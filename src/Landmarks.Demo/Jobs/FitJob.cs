using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model and writes it to a zip file, measured before by photographs that were held out where that is asked for.</summary>
internal static class FitJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What the model is fitted to, and how.</param>
    /// <param name="outputFile">The zip file.</param>
    /// <param name="likeFile">The model that it is like, which it may replace; null for none.</param>
    public static void Run(Session session, FitSettings settings, string outputFile, string? likeFile)
    {
        KnownQueries? heldOut = null;
        // The output comes second: begun in the folder of the photographs, it would be told among what is left out there.
        var training = new Training(session, settings with { OpenData = Open });
        using OutputFile output = session.CreateModelOutput(outputFile, settings.InputFiles, likeFile);
        foreach (IDataView rows in new[] { training.Data.Rows, heldOut?.Rows }.OfType<IDataView>())
            OutputFiles.ThrowIfInput(outputFile, ImagePaths.Of(rows, session.Cancellation));
        foreach (string remark in training.Remarks)
            session.Terminal.WriteLine(remark);
        if (heldOut is not null)
            session.Terminal.WriteLine($"Holding out {Describe(heldOut)}: the model is fitted to {training.Data.Counts}.");
        IReadOnlyList<int> sizes = settings.IsBest ? training.ChooseSeveralImageSizes() : training.ImageSizes;
        using Embedding embedding = training.CreateEmbedding(sizes);
        session.Log.WriteWarnings();
        if (sizes.Count > 1)
            session.Terminal.WriteLine($"Image sizes: {string.Join(", ", sizes)}.");
        output.Require(training.LargestModel(embedding));
        session.Outputs.Scratch.Require();
        using FittedStep fitted = training.Fit(embedding);
        foreach (string sentence in fitted.Sentences)
            session.Terminal.WriteLine(sentence);
        if (heldOut is not null)
            Measure(session, embedding, fitted, heldOut);
        Training.CreateModel(embedding, fitted).Save(session, output, training.Data.Rows.Schema);
        output.Commit();
        if (!settings.Learning.IsPlain && training.WhatBestDoes is { } better)
            session.Terminal.WriteLine(better);
        session.WriteSummary(output, $"{fitted.Rows}", training.Data.Counts.All);

        TrainingData Open(MLContext ml, CancellationToken cancellation)
        {
            TrainingData all = settings.OpenData(ml, cancellation);
            if (settings.HeldOutShare is not { } share)
                return all;
            (TrainingData rest, heldOut) = HeldOut.Split(ml, all, share);
            return rest;
        }
    }

    private static void Measure(Session session, Embedding embedding, FittedStep fitted, KnownQueries heldOut)
    {
        IDataView truth = session.ML.Data.LoadFromEnumerable(heldOut.Truth), answers = session.Follow(board
            => KeptView.Keep(session.ML, fitted.Step.Transform(embedding.Transform(heldOut.Rows,
                board.Add("Held out", heldOut.Truth.Count))), ComparedAnswers.Columns));
        LandmarkMetrics metrics = session.ML.Data.EvaluateLandmarks(answers, truth,
            new LandmarkEvaluationOptions { CancellationToken = session.Cancellation });
        session.Terminal.WriteLine($"The model's answers to {Describe(heldOut)}, held out of the fit:");
        MetricsWriter.Write(session.Terminal, metrics);
        if (fitted.Step is LandmarkRecognizingTransformer { FalseAlarmRate: { } rate } step)
            VerdictReport.Write(session.Terminal,
            [
                new StatedVerdict(rate, step.UnknownLandmarkRate, metrics.Verdict!),
                // Lower ones than so many photographs allow could not be asked for.
                .. VerdictRates.Measure(session.ML, answers, truth, known: null,
                    VerdictRates.Usual.Where(usual => usual != rate && usual >= 1.0 / (step.FalseAlarmCount + 1)),
                    step.UnknownLandmarkRate),
            ]);
        session.Log.WriteWarnings();
    }

    private static string Describe(KnownQueries queries)
        => $"{Quantity.Of(queries.Truth.Count, "photograph")}, {queries.WithLandmarkCount} of them with a landmark";
}
