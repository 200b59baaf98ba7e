using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Conformance;

[TestClass]
public sealed class KnnLandmarkEstimatorTests : KnnLandmarkConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            PredictedLabelColumnName = "Landmark",
            ScoreColumnName = "Confidence",
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
            NumberOfNeighbors = 4,
            NumberOfTrainingPenaltyNeighbors = 3,
            NumberOfQueryPenaltyNeighbors = 2,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });

    [TestMethod]
    public void GetOutputSchema_KeyLabel_PromisesItsKeyValues()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(Input(mlContext)).Transform(Input(mlContext));
        IDataView predictions = mlContext.Transforms.KnnLandmark().Fit(input).Transform(input);

        Assert.IsInstanceOfType<KeyDataViewType>(predictions.Schema["PredictedLabel"].Type);
        Assert.AreEqual(input.Schema["Label"].Type, predictions.Schema["PredictedLabel"].Type);
        // The chain's check of schemas compares what is promised with what MapKeyToValue needs.
        var pipeline = mlContext.Transforms.KnnLandmark().Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        int[] labels = pipeline.Fit(input).Transform(input).Values<int>("PredictedLabel");
        Assert.IsTrue(labels.All(label => label is >= -1 and < 7));
        Assert.IsGreaterThan(3, labels.Distinct().Count());
    }
}
