using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>Every number of the method, against a NumPy implementation in double precision.</summary>
[TestClass]
public sealed class KnnLandmarkOracleTests
{
    // The oracle does not round its unit rows to Single.
    private const double Tolerance = 2e-6;

    public static IEnumerable<object[]> Cases
        => from name in (string[])["few", "odd", "small", "ties", "tiny", "wide"]
           from apart in (bool[])[false,
        true]
           from batchSize in (int[])[1, 7, 64]
           select new object[] { name, apart, batchSize };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transform_OracleCase_EqualsTheOracle(string name, bool apart, int batchSize)
    {
        string File(string file) => TestFiles.Golden("oracle", name, file);
        using var settings = JsonDocument.Parse(System.IO.File.ReadAllText(File("case.json")));
        int Setting(string key) => settings.RootElement.GetProperty(key).GetInt32();
        int dimension = Setting("dim"), k = Setting("k");
        LabeledRow[] train = Rows(File("train.f32"), TestFiles.ReadInt32s(File("labels.i32")), dimension);
        LabeledRow[] nonLandmarks = Rows(File("nonlandmark.f32"), null, dimension);
        var mlContext = new MLContext();
        IDataView queries = FeatureView.Create(mlContext, Rows(File("query.f32"), null, dimension), dimension);
        var options = new KnnLandmarkEstimator.Options
        {
            NumberOfNeighbors = k,
            NumberOfTrainingPenaltyNeighbors = Setting("k_train"),
            NumberOfQueryPenaltyNeighbors = Setting("k_query"),
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
        };

        KnnLandmarkTransformer transformer = apart
            ? mlContext.Transforms.KnnLandmark(options, FeatureView.Create(mlContext, nonLandmarks, dimension))
            .Fit(FeatureView.Create(mlContext, train, dimension))
            : mlContext.Transforms.KnnLandmark(options).Fit(FeatureView.Create(mlContext, Interleave(train, nonLandmarks), dimension));
        transformer.BatchSize = batchSize;
        IDataView predictions = transformer.Transform(queries);

        AssertClose(TestFiles.ReadDoubles(File("train_penalty.f64")), transformer.Gallery.Penalties);
        AssertClose(TestFiles.ReadDoubles(File("query_penalty.f64")),
            [.. predictions.Values<float>("QueryPenalty").Select(v => (double)v)]);
        AssertClose(TestFiles.ReadDoubles(File("confidence.f64")), [.. predictions.Values<float>("Score").Select(v => (double)v)]);
        CollectionAssert.AreEqual(TestFiles.ReadInt32s(File("landmark.i32")), predictions.Values<int>("PredictedLabel"));
        int found = Math.Min(k, train.Length);
        CollectionAssert.AreEqual(TestFiles.ReadInt32s(File("neighbours.i32")), predictions.Values<VBuffer<long>>("Neighbors")
            .SelectMany(v => v.DenseValues().Take(found)).Select(v => (int)v).ToArray());
        AssertClose(TestFiles.ReadDoubles(File("scores.f64")),
            [.. predictions.Values<VBuffer<float>>("NeighborScores").SelectMany(v => v.DenseValues().Take(found)).Select(v => (double)v)]);
        Assert.IsTrue(predictions.Values<VBuffer<long>>("Neighbors")
            .All(v => v.Length == k && v.DenseValues().Skip(found).All(n => n == -1)));
        Assert.IsTrue(predictions.Values<VBuffer<float>>("NeighborScores")
            .All(v => v.Length == k && v.DenseValues().Skip(found).All(float.IsNaN)));
    }

    private static LabeledRow[] Rows(string file, int[]? labels, int dimension)
        => [.. TestFiles.ReadRows(file, dimension).Select((row, i) => new LabeledRow { Features = row, Label = labels?[i] ?? -1 })];

    // Training rows and non-landmarks in turn, each in its own order.
    private static IEnumerable<LabeledRow> Interleave(LabeledRow[] train, LabeledRow[] nonLandmarks)
    {
        for (int i = 0; i < Math.Max(train.Length, nonLandmarks.Length); i++)
        {
            if (i < nonLandmarks.Length)
                yield return nonLandmarks[i];
            if (i < train.Length)
                yield return train[i];
        }
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance, $"value {i}");
    }
}
