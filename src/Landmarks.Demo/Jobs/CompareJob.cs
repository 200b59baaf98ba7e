using System.Globalization;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model by each method at each image size, and by the mean of all, and compares how well they answer queries.</summary>
internal sealed class CompareJob
{
    private readonly Session _session;
    private readonly Training _training;
    private readonly IDataView _queries;
    private readonly int _queryCount;
    private readonly IReadOnlyList<Truth> _truth;
    private readonly List<MethodAnswers> _answers = [];

    private CompareJob(Session session, FitSettings settings, LandmarkSource queries, string truthFile)
    {
        if (!Directory.Exists(queries.ImageFolder))
            throw Errors.FolderMissing(queries.ImageFolder);
        _session = session;
        _queries = session.ML.Data.LoadLandmarks(queries);
        string[] ids = [.. _queries.GetColumn<string>(Embedding.Id)];
        _queryCount = ids.Length;
        _truth = Truth.Read(truthFile);
        // As if nothing were answered: what is wrong with the truth is found before hours of work on photographs.
        EvaluateJob.Evaluate(session.ML, ids.Select(id => new Answer { Id = id, PredictedLabel = "", Score = float.NaN }), _truth);
        _training = new Training(session, settings);
    }

    public static void Run(Session session, FitSettings settings, LandmarkSource queries, string truthFile) => new CompareJob(session, settings, queries, truthFile).Run();

    private void Run()
    {
        if (_training.Data.LeftOut is { } leftOut)
            _session.Terminal.WriteLine(leftOut);
        IReadOnlyList<int> sizes = _training.ComparedImageSizes;
        MeanEmbeddings trainingMeans = new(sizes.Count), queryMeans = new(sizes.Count);
        foreach (int size in sizes)
        {
            Fit(size.ToString(CultureInfo.InvariantCulture), board =>
            {
                using Embedding embedding = _training.CreateEmbedding(size);
                IDataView rows = _training.Embed(embedding, board), queries = embedding.Keep(_queries, board.Add("Queries", _queryCount));
                if (sizes.Count > 1)
                {
                    trainingMeans.Add(_session.ML, rows);
                    queryMeans.Add(_session.ML, queries);
                }

                return (rows, queries);
            });
        }

        if (sizes.Count > 1)
            Fit(string.Join('+', sizes), _ => (trainingMeans.ToView(_session.ML), queryMeans.ToView(_session.ML)));

        IReadOnlyList<ComparedMethod> methods = MethodComparison.Run(_session.ML, _answers, _truth, _session.Cancellation);
        ComparisonReport.Write(_session.Terminal, methods);
        long images = (_training.Data.Counts.All + _queryCount) * sizes.Count;
        _session.Terminal.WriteLine($"Compared {Quantity.Of(methods.Count, "model")} on {Quantity.Of(_truth.Count, "row")} in {Quantity.Of(_session.Elapsed)}, {Quantity.Rate(images, _session.Elapsed)} images a second. Nothing was written.");
    }

    private void Fit(string imageSize, Func<IProgressBoard, (IDataView Rows, IDataView Queries)> embed)
    {
        _session.Terminal.WriteLine($"Fitting {_training.Data.Counts} at {imageSize} pixels.");
        IEnumerable<string> choices = _session.Follow(board =>
        {
            (IDataView rows, IDataView queries) = embed(board);
            Learning learning = _training.Learn(rows, board);
            return Method.All.Select(method => Answer(learning, method, imageSize, queries, board)).OfType<string>().ToArray();
        });
        foreach (string choice in choices)
            _session.Terminal.WriteLine(choice);
    }

    // What was tuned, in words.
    private string? Answer(Learning learning, Method method, string imageSize, IDataView queries, IProgressBoard board)
    {
        using LearnedMethod learned = learning.Fit(method);
        var rows = new MonitoredDataView(queries, board.Add($"Answers, {method.Name}", _queryCount), _session.Cancellation);
        _answers.Add(new MethodAnswers(method.Name, imageSize, learned.Answer(_session.ML, rows)));
        return learned.Choice is { } choice ? $"{method.Name} at {imageSize} pixels: {choice}." : null;
    }
}
