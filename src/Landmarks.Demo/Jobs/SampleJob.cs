using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits the sample that ships with the program as fit does, and by the plain method, answers its queries and says how
/// well. What is written is fit's.</summary>
internal static class SampleJob
{
    private const string Folder = "landmarks-sample";

    public static void Run(Session session)
    {
        session.Log.Keep();
        LandmarkNames names = LandmarkNames.Read(session.ML, Sample.NamesFile);
        IReadOnlyList<Truth> truth = Truth.Read(session.ML, Sample.TruthFile);
        var training = new Training(session,
            new FitSettings
            {
                OpenData = (ml, cancellation) => TrainingData.OfCsvFiles(ml, Sample.Train, Sample.NonLandmarks, cancellation),
                Network = Sample.Network,
                Learning = new LearningSettings { OpenNames = ml => ml.Data.LoadLandmarkNames(Sample.NamesFile) },
            });

        Directory.CreateDirectory(Folder);
        using OutputFile modelFile = session.CreateOutput(Path.Combine(Folder, "landmarks.zip"), Sample.InputFiles);
        using OutputFile submission = session.CreateOutput(Path.Combine(Folder, "submission.csv"), Sample.InputFiles);
        using OutputFile log = session.CreateOutput(Path.Combine(Folder, "log.txt"), Sample.InputFiles);

        int imageSize = training.ImageSizes[0];
        session.Terminal.WriteLine($"Fitting {training.Data.Counts} at {imageSize} pixels.");
        using Embedding embedding = training.CreateEmbedding(imageSize);
        modelFile.Require(training.LargestModel(embedding));
        session.Outputs.Scratch.Require();
        (FittedStep plain, FittedStep fitted) = session.Follow(board =>
        {
            IDataView rows = training.Embed(embedding, board);
            return (training.Learner.FitPlain(rows, board), FittedStep.Of(training.Learner.CreateEstimator(board).Fit(rows)));
        });
        session.Terminal.WriteLine($"Method: {fitted.Method}.");
        foreach (string sentence in fitted.Verdict)
            session.Terminal.WriteLine(sentence);
        Training.CreateModel(embedding, fitted).Save(session, modelFile, training.Data.Rows.Schema);

        IDataView queries = session.Follow(board
            => embedding.Keep(session.ML.Data.LoadLandmarks(Sample.Queries), board.Add("Queries", truth.Count)));
        MethodAnswers ofPlain = new(MethodName.Plain, $"{imageSize}", plain.Answer(session.ML, queries)),
            ofFit = new("fit", $"{imageSize}", fitted.Answer(session.ML, queries));
        IReadOnlyList<Answer> written = ofFit.Answers;
        session.ML.Data.SaveLandmarkSubmission(session.ML.Data.LoadFromEnumerable(written), submission.Stream);
        LandmarkMetrics metrics = AnswerMetrics.Of(session.ML, written, truth);
        string[] messages = [.. session.Log.Messages];
        using (var text = new StreamWriter(log.Stream, leaveOpen: true))
        {
            foreach (string message in messages)
                text.WriteLine(message);
        }

        modelFile.Commit();
        submission.Commit();
        log.Commit();

        new SampleReport(session.ML, session.Terminal, truth, Sample.ReadKinds(session.ML)).Write(ofPlain, ofFit, names);
        session.Terminal.WriteLine("What fit makes, whose model and answers are written:");
        MetricsWriter.Write(session.Terminal, metrics);
        session.Terminal.WriteLine();
        session.Terminal.WriteLine($"Wrote {modelFile.Path}: {Quantity.Of(fitted.Rows.All, "row")}.");
        session.Terminal.WriteLine($"Wrote {submission.Path}: {Quantity.Of(written.Count, "row")}.");
        session.Terminal.WriteLine($"Wrote {log.Path}: {Quantity.Of(messages.Length, "message")}.");
        long images = training.Data.Counts.All + written.Count;
        session.Terminal.WriteLine($"{Quantity.Of(images, "image")} in {Quantity.Of(session.Elapsed)}, "
            + $"{Quantity.Rate(images, session.Elapsed)} images a second.");
    }
}
