using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>KnnLandmark as a user calls it, but on torch's CPU device in place of a GPU.</summary>
[TestClass]
[TorchCondition]
public sealed class KnnLandmarkTorchTests
{
    private const int Dimension = 24;

    [TestMethod]
    [DataRow(1, 0, false)]
    // Another engine of the same rows, less the weighted penalties.
    [DataRow(0.7, 0, false)]
    [DataRow(0.7, 2, false)]
    [DataRow(1, 0, true)]
    public void FitAndTransform_OnTorch_GiveTheBitsOfTheCpu(double trainingWeight, int expansion, bool tune)
    {
        var options = new KnnLandmarkEstimator.Options
        {
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
            NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
            NumberOfTopLandmarks = 7,
            ScoresColumnName = "Scores",
            TrainingPenaltyWeight = trainingWeight,
            QueryExpansion = expansion,
            Tuning = tune ? new KnnLandmarkTuning() : null,
        };
        (object[][] expected, double[] expectedSettings, _) = Run(options, device: null);

        (object[][] actual, double[] actualSettings, string[] engines) = Run(options, OnTorch());

        CollectionAssert.AreEqual(new[] { "torch engine on torch's CPU", "torch engine on torch's CPU" }, engines);
        CollectionAssert.AreEqual(expectedSettings, actualSettings);
        ViewReader.AssertSameRows(expected, actual);
    }

    [TestMethod]
    public void FitTransformAndDispose_Again_LeaveNoTensor()
    {
        // The first time counts too: torch keeps no tensor of its own.
        var options = new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() };
        long before = torch.Tensor.TotalCount;
        for (int i = 0; i < 2; i++)
        {
            Run(options, OnTorch());
            Assert.AreEqual(before, torch.Tensor.TotalCount);
        }
    }

    [TestMethod]
    public void RecognizeLandmarks_OnTorch_GivesTheBitsOfTheCpuAndLeavesNoTensor()
    {
        var mlContext = new MLContext();
        // Nine landmarks: the choice of a method has a cross-validation. Twenty non-landmarks: the verdict has folds.
        IDataView rows = FeatureView.Create(mlContext, FeatureView.Random(200, Dimension, seed: 1)
            .Select((row, i) => new LabeledRow { Label = i % 10 - 1, Features = row.Features }), Dimension);
        long before = torch.Tensor.TotalCount;
        object[][] expected = Answer(device: null);

        ViewReader.AssertSameRows(expected, Answer(OnTorch()));

        Assert.AreEqual(before, torch.Tensor.TotalCount);

        object[][] Answer(SearchDevice? device)
        {
            using LandmarkRecognizingTransformer step = new LandmarkRecognizingEstimator(mlContext, new(), device).Fit(rows);
            Assert.StartsWith("cross-validated GAP of whitened ", step.Reasons[0]);
            Assert.AreEqual((20, false), (step.FalseAlarmCount, step.FalseAlarmsAreProved));
            return step.Transform(Rows(mlContext, 300, seed: 2)).AllRows();
        }
    }

    [TestMethod]
    public void Fit_SearchFails_LeavesNoTensor()
    {
        var mlContext = new MLContext();
        long before = torch.Tensor.TotalCount;
        int searches = 0;
        // The engine of the landmark rows fails once the tuning asks it; that of the non-landmarks has done its work.
        SearchDevice device = OnTorch((bias, rows, columns) => ++searches > 1
            ? throw new NotSupportedException() : bias.addmm(rows, columns));

        Assert.ThrowsExactly<NotSupportedException>(()
            => new KnnLandmarkEstimator(mlContext, new() { Tuning = new KnnLandmarkTuning() }, null, device)
            .Fit(Rows(mlContext, 160, seed: 1)));

        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    private static SearchDevice OnTorch(TorchGallery.Multiply? multiply = null)
        => new("torch's CPU", (gallery, penalties, cpuEngine)
        => new TorchNeighborEngine(gallery, penalties, cpuEngine, torch.CPU, multiply: multiply));

    private static (object[][] Answers, double[] Settings, string[] Engines) Run(KnnLandmarkEstimator.Options options, SearchDevice? device)
    {
        var mlContext = new MLContext();
        List<string> engines = [];
        mlContext.Log += (_, e)
            => engines.AddRange(e.RawMessage.Split(", ").Where(part => part.Contains(" engine", StringComparison.Ordinal))
            .Select(part => part.TrimEnd('.')));
        using KnnLandmarkTransformer transformer = new KnnLandmarkEstimator(mlContext, options, null, device)
            .Fit(Rows(mlContext, 160, seed: 1));
        IDataView answers = transformer.Transform(Rows(mlContext, 300, seed: 2));
        double[] settings = [transformer.TrainingPenaltyWeight, transformer.QueryPenaltyWeight, transformer.SimilarityExponent,
            transformer.TuningResult?.EstimatedGlobalAveragePrecision ?? 0];
        return (answers.AllRows(), settings, [.. engines]);
    }

    private static IDataView Rows(MLContext mlContext, int count, int seed)
        => FeatureView.Create(mlContext, FeatureView.Random(count, Dimension, seed), Dimension);
}
