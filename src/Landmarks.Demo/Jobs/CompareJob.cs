using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model by each method at each image size, and compares how well they answer queries.</summary>
internal static class CompareJob
{
    public static void Run(Session session, FitSettings settings, LandmarkSource queries, string truthFile)
    {
        if (!Directory.Exists(queries.ImageFolder))
            throw Errors.FolderMissing(queries.ImageFolder);
        IDataView queryRows = session.ML.Data.LoadLandmarks(queries);
        string[] ids = [.. queryRows.GetColumn<string>(Embedding.Id)];
        IReadOnlyList<Truth> truth = Truth.Read(truthFile);
        // As if nothing were answered: what is wrong with the truth is found before hours of work on photographs.
        EvaluateJob.Evaluate(session.ML, ids.Select(id => new Answer { Id = id, PredictedLabel = "", Score = float.NaN }), truth);
        var training = new Training(session, settings);
        if (training.Data.LeftOut is { } leftOut)
            session.Terminal.WriteLine(leftOut);

        var answers = new List<MethodAnswers>();
        foreach (int imageSize in training.ComparedImageSizes)
        {
            session.Terminal.WriteLine($"Fitting {training.Data.Counts} at {imageSize} pixels.");
            (MethodAnswers Answers, string? Choice)[] found = session.Follow(board => Answer(session, training, imageSize, queryRows, ids.Length, board));
            foreach ((MethodAnswers method, string? choice) in found)
            {
                answers.Add(method);
                if (choice is not null)
                    session.Terminal.WriteLine($"{method.Method} at {imageSize} pixels: {choice}.");
            }
        }

        IReadOnlyList<ComparedMethod> methods = MethodComparison.Run(session.ML, answers, truth, session.Cancellation);
        ComparisonReport.Write(session.Terminal, methods);
        long images = (training.Data.Counts.All + ids.Length) * training.ComparedImageSizes.Count;
        session.Terminal.WriteLine($"Compared {Quantity.Of(methods.Count, "model")} on {Quantity.Of(truth.Count, "row")} in {Quantity.Of(session.Elapsed)}, {Quantity.Rate(images, session.Elapsed)} images a second. Nothing was written.");
    }

    private static (MethodAnswers Answers, string? Choice)[] Answer(Session session, Training training, int imageSize, IDataView queryRows, int queryCount, IProgressBoard board)
    {
        using Embedding embedding = training.CreateEmbedding(imageSize);
        Learning learning = training.Embed(embedding, board);
        IDataView queries = embedding.Keep(queryRows, board.Add("Queries", queryCount));
        return [.. Method.All.Select(method =>
        {
            using LearnedMethod learned = learning.Fit(method);
            var rows = new MonitoredDataView(queries, board.Add($"Answers, {method.Name}", queryCount), session.Cancellation);
            return (new MethodAnswers(method.Name, imageSize, learned.Answer(session.ML, rows)), learned.Choice);
        })];
    }
}
