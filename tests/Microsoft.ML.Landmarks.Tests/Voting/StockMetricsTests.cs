using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>ML.NET's own metrics of multiclass classification take the answers of a model, by its column of scores.</summary>
[TestClass]
public sealed class StockMetricsTests
{
    private const int Dimension = 6;

    [TestMethod]
    public void Evaluate_ScoresOfKeys_MeasuresWhatThePlainVoteAnswers()
    {
        var mlContext = new MLContext(seed: 1);
        LabeledRow[] rows = Rows(140, seed: 1), queries = [.. Rows(80, seed: 2).Where(row => row.Label >= 0)];
        ITransformer keys = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(View(rows));
        IDataView answers = mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { ScoresColumnName = "Scores" })
            .Fit(keys.Transform(View(rows))).Transform(keys.Transform(View(queries)));

        MulticlassClassificationMetrics metrics
            = mlContext.MulticlassClassification.Evaluate(answers, scoreColumnName: "Scores", topKPredictionCount: 3);

        var plain = new PlainVote(rows, 5, 5, 10);
        // Equal shares stand in the order of the keys, which is that in which labels come; those without a vote share 0.
        int[] labels = [.. rows.Select(row => row.Label).Distinct()];
        int[] places = [.. queries.Select(query =>
        {
            Dictionary<int, double> shares = plain.Shares(query.Features);
            return Array.IndexOf([.. labels.OrderByDescending(label => shares.GetValueOrDefault(label))], query.Label);
        })];
        Assert.IsInRange(0.3, 0.9, metrics.MicroAccuracy);
        Assert.AreEqual(places.Average(place => place == 0 ? 1d : 0), metrics.MicroAccuracy, 1e-9);
        Assert.AreEqual(places.Average(place => place < 3 ? 1d : 0), metrics.TopKAccuracy, 1e-9);
        Assert.AreEqual(queries.Zip(places).GroupBy(q => q.First.Label).Average(g => g.Average(q => q.Second == 0 ? 1d : 0)),
            metrics.MacroAccuracy, 1e-9);
        Assert.AreEqual(8, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [TestMethod]
    public void CrossValidate_ScoresInTheColumnScore_MeasuresEachFold()
    {
        var mlContext = new MLContext(seed: 1);
        LabeledRow[] rows = Rows(140, seed: 1);
        IDataView keys = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(View(rows)).Transform(View(rows));
        var options = new KnnLandmarkEstimator.Options { ScoreColumnName = "Confidence", ScoresColumnName = "Score", IdColumnName = "Id" };

        var folds = mlContext.MulticlassClassification.CrossValidate(keys, mlContext.Transforms.KnnLandmark(options), numberOfFolds: 3);

        Assert.HasCount(3, folds);
        int asked = 0;
        foreach (var fold in folds)
        {
            string[] ids = fold.ScoredHoldOutSet.Texts("Id");
            LabeledRow[] held = [.. rows.Where(row => ids.Contains(row.Id))], fitted = [.. rows.Where(row => !ids.Contains(row.Id))];
            var plain = new PlainVote(fitted, 5, 5, 10);
            // Non-landmarks have a key too, which no answer has.
            Assert.AreEqual(held.Average(row => plain.Ranking(row.Features)[0].Label == row.Label ? 1d : 0), fold.Metrics.MicroAccuracy,
                1e-9);
            asked += held.Length;
        }

        Assert.AreEqual(rows.Length, asked);
    }

    // Around centers that lie near to one another, so that some answers are wrong.
    private static LabeledRow[] Rows(int count, int seed)
    {
        LabeledRow[] rows = FeatureView.Random(count, Dimension, seed);
        var random = new Random(seed);
        foreach (LabeledRow row in rows)
            row.Features = [.. row.Features.Select(value => value + 2 * random.NextSingle())];
        return rows;
    }

    private static IDataView View(LabeledRow[] rows) => FeatureView.Create(new MLContext(), rows, Dimension);
}
