using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Pipelines;

/// <summary>The demo's sample against the golden results, from embeddings and from photographs.</summary>
[TestClass]
public sealed class SampleTests
{
    private const double FromEmbeddings = 1e-6;
    private const double FromPhotographs = 1e-4;

    [TestMethod]
    public void Predict_GoldenEmbeddings_EqualsTheGoldenResults()
    {
        var mlContext = new MLContext();
        IDataView training = GoldenSample.Read(mlContext, "train", "nonlandmark"), queries = GoldenSample.Read(mlContext, "query");
        var options = new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty"
        };

        KnnLandmarkTransformer transformer = mlContext.Transforms.KnnLandmark(options).Fit(training);
        IDataView predictions = transformer.Transform(queries);

        double[] penalties = [.. TestFiles.ReadCsv(TestFiles.Golden("sample", "train_penalty.csv")).Select(fields => Parse(fields[1]))];
        AssertClose(penalties, transformer.Gallery.Penalties);
        string[][] golden = TestFiles.ReadCsv(TestFiles.Golden("sample", "predictions.csv"));
        CollectionAssert.AreEqual(golden.Select(f => f[0]).ToArray(), predictions.Texts("Id"));
        CollectionAssert.AreEqual(golden.Select(f => f[1]).ToArray(), predictions.Values<int>("PredictedLabel")
            .Select(label => $"{label}").ToArray());
        AssertClose([.. golden.Select(f => Parse(f[2]))], [.. predictions.Values<float>("Score").Select(v => (double)v)]);
        AssertClose([.. golden.Select(f => Parse(f[4]))], [.. predictions.Values<float>("QueryPenalty").Select(v => (double)v)]);
        CollectionAssert.AreEqual(golden.SelectMany(f => f[5..10]).ToArray(), predictions.Values<VBuffer<ReadOnlyMemory<char>>>("Neighbors")
            .SelectMany(v => v.DenseValues()).Select(id => id.ToString()).ToArray());
        AssertClose([.. golden.SelectMany(f => f[10..15]).Select(Parse)],
            [.. predictions.Vectors("NeighborScores").SelectMany(v => v).Select(v => (double)v)]);

        static void AssertClose(double[] expected, double[] actual)
        {
            Assert.HasCount(expected.Length, actual);
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], FromEmbeddings, $"value {i}");
        }
    }

    [TestMethod]
    public void Predict_Photographs_WritesTheGoldenSubmission()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        string images = TestFiles.Sample("images");
        IDataView photos = mlContext.Data.LoadLandmarks(
            new LandmarkSource(TestFiles.Sample("train.csv"), images),
            new LandmarkSource(TestFiles.Sample("valid.csv"), images) { NonLandmarksOnly = true });
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 320)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network))
            .Append(mlContext.Transforms.KnnLandmark());

        ITransformer model = pipeline.Fit(photos);
        IDataView predictions = mlContext.Data.Cache(
            model.Transform(mlContext.Data.LoadLandmarks(TestFiles.Sample("sample_submission.csv"), images)), "Id", "PredictedLabel",
            "Score");
        mlContext.Data.SaveLandmarkSubmission(predictions, folder["submission.csv"]);
        LandmarkMetrics metrics = mlContext.Data.EvaluateLandmarks(predictions,
            mlContext.Data.LoadLandmarks(TestFiles.Sample("test_truth.csv"), images));

        (string Id, string Landmark, double Confidence)[] expected = ReadSubmission(TestFiles.Golden("sample", "submission.csv")),
            actual = ReadSubmission(folder["submission.csv"]);
        CollectionAssert.AreEqual(expected.Select(r => (r.Id, r.Landmark)).ToArray(), actual.Select(r => (r.Id, r.Landmark)).ToArray());
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i].Confidence, actual[i].Confidence, FromPhotographs, expected[i].Id);
        Assert.AreEqual((76, 76, 36, 33), (metrics.QueryCount, metrics.AnsweredCount, metrics.WithLandmarkCount, metrics.RightCount));
        Assert.AreEqual(0.910287, metrics.GlobalAveragePrecision, 1e-6);
    }

    private static (string Id, string Landmark, double Confidence)[] ReadSubmission(string file)
        => [.. TestFiles.ReadCsv(file).Select(fields => (fields[0], fields[1].Split(' ')[0], Parse(fields[1].Split(' ')[1])))];

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
