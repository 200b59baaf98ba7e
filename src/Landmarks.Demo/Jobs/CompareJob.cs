using System.Globalization;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model by each method at each image size, and by the mean of all, and compares how well they answer queries.</summary>
internal sealed class CompareJob
{
    private readonly Session _session;
    private readonly Training _training;
    private readonly KnownQueries _queries;
    private readonly List<MethodAnswers> _answers = [];

    private CompareJob(Session session, FitSettings settings, LandmarkSource queries, string truthFile)
    {
        _session = session;
        _queries = KnownQueries.Read(session, queries, truthFile);
        _training = new Training(session, settings);
        _queries.Check(session, _training.Data.Rows);
        session.Log.WriteWarnings();
    }

    private int QueryCount => _queries.Truth.Count;

    public static void Run(Session session, FitSettings settings, LandmarkSource queries, string truthFile)
        => new CompareJob(session, settings, queries, truthFile).Run();

    private void Run()
    {
        if (_training.Data.LeftOut is { } leftOut)
            _session.Terminal.WriteLine(leftOut);
        IReadOnlyList<int> sizes = _training.ChooseComparedImageSizes();
        _session.Log.WriteWarnings();
        MeanEmbeddings trainingMeans = new(sizes.Count), queryMeans = new(sizes.Count);
        foreach (int size in sizes)
        {
            Fit(size.ToString(CultureInfo.InvariantCulture), board =>
            {
                using Embedding embedding = _training.CreateEmbedding(size);
                IDataView rows = _training.Embed(embedding, board),
                    queries = embedding.Keep(_queries.Rows, board.Add("Queries", QueryCount));
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

        IReadOnlyList<ComparedMethod> methods = MethodComparison.Run(_session.ML, _answers, _queries.Truth, _session.Cancellation);
        ComparisonReport.Write(_session.Terminal, methods);
        long images = (_training.Data.Counts.All + QueryCount) * sizes.Count;
        _session.Terminal.WriteLine($"Compared {Quantity.Of(methods.Count, "model")} on {QueryCount} "
            + $"{(QueryCount == 1 ? "query" : "queries")}, {_queries.WithLandmarkCount} with a landmark, "
            + $"in {Quantity.Of(_session.Elapsed)}, {Quantity.Rate(images, _session.Elapsed)} images a second. Nothing was written.");
    }

    private void Fit(string imageSize, Func<IProgressBoard, (IDataView Rows, IDataView Queries)> embed)
    {
        _session.Terminal.WriteLine($"Fitting {_training.Data.Counts} at {imageSize} pixels.");
        IEnumerable<string> choices = _session.Follow(board =>
        {
            (IDataView rows, IDataView queries) = embed(board);
            Learning learning = _training.Learn(rows, board);
            string choice = $"fit at {imageSize} pixels: {_training.Choose(rows, learning, board)}.";
            return Method.All.Select(method => Answer(learning, method, imageSize, queries, board)).OfType<string>()
                .Append(choice).ToArray();
        });
        foreach (string choice in choices)
            _session.Terminal.WriteLine(choice);
    }

    // What was tuned, in words.
    private string? Answer(Learning learning, Method method, string imageSize, IDataView queries, IProgressBoard board)
    {
        using LearnedMethod learned = learning.Fit(method);
        var rows = new MonitoredDataView(queries, board.Add($"Answers, {method.Name}", QueryCount), _session.Cancellation);
        _answers.Add(new MethodAnswers(method.Name, imageSize, learned.Answer(_session.ML, rows)));
        return learned.Tuned is { } tuned ? $"{method.Name} at {imageSize} pixels: {tuned}." : null;
    }
}
