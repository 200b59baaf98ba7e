using System.Globalization;

namespace Microsoft.ML.Landmarks.Tests.Evaluation;

[TestClass]
public sealed class CompareLandmarkPredictionsTests
{
    private static readonly MLContext s_mlContext = new(seed: 1);

    private static readonly Prediction[] s_golden = [.. TestFiles.ReadCsv(TestFiles.Golden("sample", "submission.csv"))
        .Select(row => (Id: row[0], Answer: row[1].Split(' ')))
        .Select(row => new Prediction(row.Id, row.Answer[0], float.Parse(row.Answer[1], CultureInfo.InvariantCulture)))];

    private static readonly Truth[] s_truth = [.. TestFiles.ReadCsv(TestFiles.Golden("sample", "test_truth.csv"))
        .Select(row => new Truth(row[0], row[1]))];

    [TestMethod]
    public void EvaluateLandmarks_GoldenSubmission_HasTheBitsOfAPlainBootstrap()
    {
        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(View(s_golden), View(s_truth), new LandmarkEvaluationOptions());

        (double[] gaps, double[] accuracies) = Bootstrap(s_golden, 2000);
        Assert.AreEqual(IntervalOf(gaps), metrics.GlobalAveragePrecisionInterval);
        Assert.AreEqual(IntervalOf(accuracies), metrics.AccuracyInterval);
        // As compare has always printed them.
        Assert.AreEqual("0.910287 0.808770 0.996529", Text(metrics.GlobalAveragePrecision, metrics.GlobalAveragePrecisionInterval));
        Assert.AreEqual("0.916667 0.820513 1.000000", Text(metrics.Accuracy, metrics.AccuracyInterval));

        static string Text(double value, MetricInterval? interval)
            => string.Create(CultureInfo.InvariantCulture, $"{value:F6} {interval!.Value.Low:F6} {interval.Value.High:F6}");
    }

    [TestMethod]
    public void CompareLandmarkPredictions_SecondSet_HasThePairedDifferencesOfAPlainBootstrap()
    {
        // Some answers are wrong, some missing, and the order is another.
        Prediction[] second = [.. s_golden.Where((_, i) => i % 7 != 0)
            .Select((p, i) => p with { PredictedLabel = i % 5 == 0 ? "none of them" : p.PredictedLabel, Score = p.Score * (1 + i % 3) })];

        IReadOnlyList<LandmarkComparison> compared = s_mlContext.Data.CompareLandmarkPredictions(
            [View(s_golden), View(second)], View(s_truth), new LandmarkEvaluationOptions { NumberOfResamples = 300 });

        (double[] firstGaps, double[] firstAccuracies) = Bootstrap(s_golden, 300);
        (double[] gaps, double[] accuracies) = Bootstrap(second, 300);
        Assert.HasCount(2, compared);
        Assert.AreEqual(0.0, compared[0].GlobalAveragePrecisionDifference);
        Assert.AreEqual(new MetricInterval(0, 0), compared[0].AccuracyDifferenceInterval);
        Assert.AreEqual(IntervalOf([.. gaps]), compared[1].Metrics.GlobalAveragePrecisionInterval);
        Assert.AreEqual(IntervalOf([.. gaps.Zip(firstGaps, (a, b) => a - b)]), compared[1].GlobalAveragePrecisionDifferenceInterval);
        Assert.AreEqual(IntervalOf([.. accuracies.Zip(firstAccuracies, (a, b) => a - b)]), compared[1].AccuracyDifferenceInterval);
        Assert.AreEqual(compared[1].Metrics.GlobalAveragePrecision - compared[0].Metrics.GlobalAveragePrecision,
            compared[1].GlobalAveragePrecisionDifference);
        Assert.AreEqual(compared[1].Metrics.Accuracy - compared[0].Metrics.Accuracy, compared[1].AccuracyDifference);
        Assert.IsLessThan(0.0, compared[1].AccuracyDifference);
    }

    /// <summary>Two queries, one answered right: by all four draws the accuracy is 0, 1/2, 1/2 or 1.</summary>
    [TestMethod]
    public void EvaluateLandmarks_TwoQueries_HaveTheIntervalOfAllDraws()
    {
        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(View<Prediction>([new("a", "1", 1)]),
            View<Truth>([new("a", "1"), new("b", "2")]), new LandmarkEvaluationOptions());

        Assert.AreEqual(0.5, metrics.Accuracy);
        Assert.AreEqual(new MetricInterval(0, 1), metrics.AccuracyInterval);
        Assert.AreEqual(new MetricInterval(0, 1), metrics.GlobalAveragePrecisionInterval);
    }

    [TestMethod]
    public void EvaluateLandmarks_IgnoringNonLandmarks_ResamplesThatRanking()
    {
        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(View<Prediction>([new("a", "1", 1), new("b", "1", 2)]),
            View<Truth>([new("a", "1"), new("b", "-1")]), new LandmarkEvaluationOptions { IgnoreNonLandmarks = true });

        Assert.AreEqual(1.0, metrics.GlobalAveragePrecision);
        Assert.AreEqual(new MetricInterval(1, 1), metrics.GlobalAveragePrecisionInterval);
    }

    [TestMethod]
    public void EvaluateLandmarks_PartsOfTheTruth_HaveIntervalsOfTheirOwn()
    {
        PartTruth[] truth = [new("a", "1", "Public"), new("b", "2", "Public"), new("c", "3", "Private"), new("d", "3", "Ignored")];

        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(View<Prediction>([new("a", "1", 1), new("c", "3", 1)]), View(truth),
            new LandmarkEvaluationOptions());

        Assert.AreEqual(new MetricInterval(0, 1), metrics.Public!.AccuracyInterval);
        Assert.AreEqual(new MetricInterval(1, 1), metrics.Private!.AccuracyInterval);
        Assert.AreEqual(1, metrics.Private.IgnoredCount);
    }

    [TestMethod]
    public void EvaluateLandmarks_NoResamples_HasNoIntervals()
    {
        IDataView predictions = View<Prediction>([new("a", "1", 1)]), truth = View<Truth>([new("a", "1")]);

        Assert.IsNull(s_mlContext.Data.EvaluateLandmarks(predictions, truth).AccuracyInterval);
        LandmarkComparison compared = s_mlContext.Data.CompareLandmarkPredictions([predictions], truth,
            new LandmarkEvaluationOptions { NumberOfResamples = 0 })[0];
        Assert.IsNull(compared.Metrics.GlobalAveragePrecisionInterval);
        Assert.IsNull(compared.AccuracyDifferenceInterval);
    }

    [TestMethod]
    public void NumberOfResamples_BelowZero_Throws()
        => Assert.AreEqual("NumberOfResamples", Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new LandmarkEvaluationOptions { NumberOfResamples = -1 }).ParamName);

    [TestMethod]
    public void CompareLandmarkPredictions_NoViewOrNull_Throws()
    {
        IDataView truth = View<Truth>([new("a", "1")]);

        foreach (IDataView[] predictions in (IDataView[][])[[], [null!]])
            Assert.AreEqual("There is no view of predictions, or one is null. Name at least one. (Parameter 'predictions')",
                Assert.ThrowsExactly<ArgumentException>(()
                => s_mlContext.Data.CompareLandmarkPredictions(predictions, truth)).Message);
    }

    [TestMethod]
    public void CompareLandmarkPredictions_Cancelled_Throws()
        => Assert.ThrowsExactly<OperationCanceledException>(() => s_mlContext.Data.CompareLandmarkPredictions([View(s_golden)],
            View(s_truth), new LandmarkEvaluationOptions { CancellationToken = new CancellationToken(canceled: true) }));

    /// <summary>As plain as it can be: the queries that were drawn are put down one by one, and ranked as if they were different
    /// ones.</summary>
    private static (double[] Gaps, double[] Accuracies) Bootstrap(Prediction[] predictions, int resamples)
    {
        var random = new Random(1);
        Dictionary<string, Prediction> answers = predictions.ToDictionary(p => p.Id);
        List<double> gaps = [], accuracies = [];
        while (gaps.Count < resamples)
        {
            Truth[] drawn = [.. Enumerable.Range(0, s_truth.Length).Select(_ => s_truth[random.Next(s_truth.Length)])];
            int withLandmark = drawn.Count(t => t.Label != "-1");
            if (withLandmark == 0)
                continue;
            bool[] right = [.. drawn.Where(t => answers.ContainsKey(t.Id)).OrderByDescending(t => answers[t.Id].Score)
                .ThenBy(t => t.Id, StringComparer.Ordinal).Select(t => answers[t.Id].PredictedLabel == t.Label)];
            gaps.Add(right.Select((isRight, i) => isRight ? right[..(i + 1)].Count(r => r) / (i + 1.0) : 0).Sum() / withLandmark);
            accuracies.Add((double)right.Count(r => r) / withLandmark);
        }

        return ([.. gaps], [.. accuracies]);
    }

    private static MetricInterval IntervalOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return new MetricInterval(At(0.025), At(0.975));

        double At(double share)
        {
            double position = share * (sorted.Length - 1);
            int below = (int)position;
            return double.Lerp(sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)], position - below);
        }
    }

    private static IDataView View<T>(T[] rows)
        where T : class
        => s_mlContext.Data.LoadFromEnumerable(rows);

    private sealed record Prediction(string Id, string PredictedLabel, float Score);

    private sealed record Truth(string Id, string Label);

    private sealed record PartTruth(string Id, string Label, string Usage);
}
