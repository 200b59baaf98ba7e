using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits the sample that ships with the program, answers its queries and says how well.</summary>
internal static class SampleJob
{
    private const string Folder = "landmarks-sample";

    public static void Run(Session session)
    {
        session.Log.Keep();
        LandmarkNames names = LandmarkNames.Read(Sample.NamesFile);
        IReadOnlyList<Truth> truth = Truth.Read(Sample.TruthFile);
        IReadOnlyDictionary<string, string> kinds = Sample.ReadKinds();
        var training = new Training(session, new FitSettings { OpenData = (ml, cancellation) => TrainingData.OfCsvFiles(ml, Sample.Train, Sample.NonLandmarks, cancellation), Network = Sample.Network });

        Directory.CreateDirectory(Folder);
        using OutputFile modelFile = session.Outputs.Create(Path.Combine(Folder, "landmarks.zip"));
        using OutputFile submission = session.Outputs.Create(Path.Combine(Folder, "submission.csv"));
        using OutputFile log = session.Outputs.Create(Path.Combine(Folder, "log.txt"));

        session.Terminal.WriteLine($"Fitting {training.Data.Counts} at {training.ImageSize} pixels.");
        using LandmarkModel model = training.Fit();
        model.Save(session.ML, training.Data.Rows.Schema, modelFile);

        IReadOnlyList<Answer> answers = Answering.Run(session, model, session.ML.Data.LoadLandmarks(Sample.Queries), truth.Count, AnswerReader.Read);
        session.ML.Data.SaveLandmarkSubmission(session.ML.Data.LoadFromEnumerable(answers), submission.TemporaryPath);
        LandmarkMetrics metrics = EvaluateJob.Evaluate(session.ML, answers, truth);
        File.WriteAllLines(log.TemporaryPath, session.Log.Messages);
        modelFile.Commit();
        submission.Commit();
        log.Commit();

        SampleReport.Write(session.Terminal, answers, truth, kinds, names);
        MetricsWriter.Write(session.Terminal, metrics);
        session.Terminal.WriteLine();
        session.Terminal.WriteLine($"Wrote {modelFile.Target}: {Quantity.Of(training.Data.Counts.All, "row")}.");
        session.Terminal.WriteLine($"Wrote {submission.Target}: {Quantity.Of(answers.Count, "row")}.");
        session.Terminal.WriteLine($"Wrote {log.Target}: {Quantity.Of(session.Log.Messages.Count, "message")}.");
        long images = training.Data.Counts.All + answers.Count;
        session.Terminal.WriteLine($"{Quantity.Of(images, "image")} in {Quantity.Of(session.Elapsed)}, {Quantity.Rate(images, session.Elapsed)} images a second.");
    }
}
