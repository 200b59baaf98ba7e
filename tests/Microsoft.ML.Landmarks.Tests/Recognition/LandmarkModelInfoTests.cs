using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

[TestClass]
public sealed class LandmarkModelInfoTests
{
    private const int Dimension = 6;

    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    public void Of_ChainOfPhotographs_TellsOfItsNetworkAndItsRows()
    {
        byte[] network = File.ReadAllBytes(TestFiles.Repository("tests", "Landmarks.Demo.Tests", "Networks", "flatten_8.onnx"));

        LandmarkModelInfo info = LandmarkModelInfo.Of(Load("fit-recognition-chain")), sizes = LandmarkModelInfo.Of(Load("fit-sizes-chain"));

        LandmarkNetworkInfo told = info.Networks.Single();
        Assert.AreEqual((network.Length, Convert.ToHexStringLower(SHA256.HashData(network))), (told.Bytes, told.Sha256));
        CollectionAssert.AreEqual(new[] { 8 }, told.ImageSizes.ToArray());
        Assert.AreEqual(("input", "embedding", false), (told.InputName, told.OutputName, told.AveragesMirror));
        Assert.AreEqual(192, info.Dimension);
        CollectionAssert.AreEqual(network, told.Content.ToArray());
        CollectionAssert.AreEqual(new ImagePreparationOptions().Mean.ToArray(), told.Preparation!.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 8, 12, 16 }, sizes.Networks.Single().ImageSizes.ToArray());
        Assert.IsNotNull(sizes.Networks.Single().Preparation);
        Assert.IsNull(sizes.Method);
        Assert.AreEqual(info.LandmarkRowCount, info.Landmarks.Sum(landmark => landmark.RowCount));
    }

    [TestMethod]
    public void Of_Model_IsWrittenAsJsonWithoutTheNetwork()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(LandmarkModelInfo.Of(Load("fit-recognition-chain"))));

        JsonElement network = json.RootElement.GetProperty("Networks")[0];
        Assert.IsFalse(network.TryGetProperty("Content", out _));
        CollectionAssert.AreEquivalent(
            new[]
            {
                "ApplyOrientation", "BadImages", "Fit", "ShorterSideTo", "SideMultiple", "Rounding", "Resampling", "Bgr", "Mean", "Std",
                "MaxPixels", "AcceptTruncated", "ComposeOnWhite", "DecodeScaling", "ConvertToSrgb",
            },
            network.GetProperty("Preparation").EnumerateObject().Select(property => property.Name).ToArray());
    }

    [TestMethod]
    public void Of_RecognizeLandmarks_TellsWhatItKnowsAndByWhatItJudges()
    {
        LabeledRow[] rows = FeatureView.Random(40, Dimension, seed: 3);
        LandmarkRecognizingTransformer step = Fit(rows);

        LandmarkModelInfo info = LandmarkModelInfo.Of(step);

        Assert.IsEmpty(info.Networks);
        Assert.AreEqual((Dimension, LandmarkMethod.Whitened, 5, 5, 10, 1.0, 1.0, 1.0), (info.Dimension, info.Method, info.NumberOfNeighbors,
            info.NumberOfTrainingPenaltyNeighbors, info.NumberOfQueryPenaltyNeighbors, info.TrainingPenaltyWeight, info.QueryPenaltyWeight,
            info.SimilarityExponent));
        Assert.AreEqual((30, 7, 3), (info.LandmarkRowCount, info.NonLandmarkRowCount, info.HeldOutRowCount));
        LandmarkInfo[] landmarks = [.. rows.Where(row => row.Label >= 0).GroupBy(row => row.Label).Select(landmark => new LandmarkInfo(
            $"{landmark.Key}", landmark.Key switch { 1 => "One", 2 => "Two", _ => null }, landmark.Count()))];
        CollectionAssert.AreEqual(landmarks, info.Landmarks.ToArray());
        LandmarkVerdictInfo verdict = info.Verdict!;
        Assert.AreEqual((0.3, null, null, true, 3), (verdict.FalseAlarmRate, verdict.FalseAlarmConfidence, verdict.UnknownLandmarkRate,
            verdict.IsProved, verdict.FalseAlarmCount));
        Assert.AreEqual(step.FalseAlarmInterval, verdict.FalseAlarmInterval);
    }

    [TestMethod]
    public void Of_KeysWithAndWithoutKeyValues_WritesLabelsAsPredictionsAre()
    {
        IDataView rows = FeatureView.Create(_mlContext, FeatureView.Random(40, Dimension, seed: 3), Dimension);
        IDataView keys = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);

        LandmarkModelInfo info = LandmarkModelInfo.Of(_mlContext.Transforms.KnnLandmark().Fit(keys));

        CollectionAssert.AreEqual(new[] { "0", "1", "2", "4", "5", "6", "3" }, info.Landmarks.Select(landmark => landmark.Label).ToArray());
        Assert.IsNull(info.Verdict);
    }

    [TestMethod]
    public void Fingerprints_AreThoseOfTheRowsAndNoOthers()
    {
        LabeledRow[] rows = FeatureView.Random(40, Dimension, seed: 3), others = FeatureView.Random(40, Dimension, seed: 3),
            renamed = FeatureView.Random(40, Dimension, seed: 3);
        others[0].Features[0] += 1;
        // The first of the non-landmarks, which is not held out.
        renamed[3].Id = "another";
        LandmarkRecognizingTransformer step = Fit(rows);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(step, inputSchema: null, stream);

        LandmarkModelInfo info = Plain(rows), changed = Plain(others), named = Plain(renamed);

        Assert.AreEqual(64, info.LandmarkFingerprint.Length);
        Assert.AreEqual(LandmarkModelInfo.Of(step).LandmarkFingerprint,
            LandmarkModelInfo.Of(_mlContext.Model.Load(stream, out _)).LandmarkFingerprint);
        Assert.AreEqual(info.LandmarkFingerprint, Plain(rows).LandmarkFingerprint);
        Assert.AreNotEqual(info.LandmarkFingerprint, changed.LandmarkFingerprint);
        Assert.AreEqual(info.NonLandmarkFingerprint, changed.NonLandmarkFingerprint);
        Assert.AreEqual(info.LandmarkFingerprint, named.LandmarkFingerprint);
        Assert.AreNotEqual(info.NonLandmarkFingerprint, named.NonLandmarkFingerprint);
    }

    [TestMethod]
    public void Of_ModelThatWasChanged_TellsItsHistory()
    {
        LabeledRow[] rows = FeatureView.Random(40, Dimension, seed: 3), others = FeatureView.Random(8, Dimension, seed: 4);
        foreach (LabeledRow row in others)
            row.Id = $"other {row.Id}";
        LandmarkRecognizingTransformer step = Fit(rows), changed = step.With(FeatureView.Create(_mlContext, others, Dimension))
            // The third of the non-landmarks, which is held out, and two others.
            .Without(["row11", "row3", "row0"]);

        LandmarkModelInfo before = LandmarkModelInfo.Of(step), info = LandmarkModelInfo.Of(changed);

        Assert.IsEmpty(before.Changes);
        Assert.AreEqual((0, 8), (before.RowsSinceFit, info.RowsSinceFit));
        // Of what came, that which is still there: two landmarks, and a non-landmark that is held out, go.
        changed.FalseAlarmRate = 0.4;
        Assert.AreEqual(5, LandmarkModelInfo.Of(Reload(changed).Without(["other row0", "other row5", "other row7", "row1"])).RowsSinceFit);
        Assert.AreEqual((6, 2, 0, 0), Counts(info.Changes[0]));
        Assert.AreEqual((0, 0, 1, 2), Counts(info.Changes[1]));
        Assert.IsInRange(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow, info.Changes[0].Time);
        // The 11th and 12th of all non-landmarks came, of which the latter is held out.
        Assert.AreEqual((35, 7, 3), (info.LandmarkRowCount, info.NonLandmarkRowCount, info.HeldOutRowCount));
        Assert.AreNotEqual(before.LandmarkFingerprint, info.LandmarkFingerprint);
        Assert.AreNotEqual(before.NonLandmarkFingerprint, info.NonLandmarkFingerprint);
        step.FalseAlarmRate = 0.4;
        Assert.AreNotEqual(before.NonLandmarkFingerprint, LandmarkModelInfo.Of(step.Without(["row11"])).NonLandmarkFingerprint);

        static (int, int, int, int) Counts(LandmarkChange change)
            => (change.AddedLandmarkRows, change.AddedNonLandmarkRows, change.RemovedLandmarkRows, change.RemovedNonLandmarkRows);
    }

    [TestMethod]
    public void Of_ModelThatNamesNoLandmarks_Throws()
    {
        IDataView rows = FeatureView.Create(_mlContext, FeatureView.Random(40, Dimension, seed: 3), Dimension);
        ITransformer model = _mlContext.Transforms.WhitenFeatures("Features").Fit(rows);

        Assert.AreEqual("No step of the model is of KnnLandmark or RecognizeLandmarks. Give a model that has one.",
            Assert.ThrowsExactly<InvalidOperationException>(() => LandmarkModelInfo.Of(model)).Message);
    }

    private LandmarkModelInfo Plain(LabeledRow[] rows) => LandmarkModelInfo.Of(
        _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id" })
            .Fit(FeatureView.Create(_mlContext, rows, Dimension)));

    private LandmarkRecognizingTransformer Fit(LabeledRow[] rows) => _mlContext.Transforms.RecognizeLandmarks(
        new LandmarkRecognizingEstimator.Options
        {
            Method = LandmarkMethod.Whitened,
            FalseAlarmRate = 0.3,
            IdColumnName = "Id",
            Names = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = 1, Name = "One" }, new { Label = 2, Name = "Two" } }),
        }).Fit(FeatureView.Create(_mlContext, rows, Dimension));

    private LandmarkRecognizingTransformer Reload(LandmarkRecognizingTransformer step)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(step, inputSchema: null, stream);
        ITransformer model = _mlContext.Model.Load(stream, out _);
        return (LandmarkRecognizingTransformer)(model is IEnumerable<ITransformer> chain ? chain.Single() : model);
    }

    private ITransformer Load(string name) => _mlContext.Model.Load(TestFiles.Golden("models", name + ".zip"), out _);
}
