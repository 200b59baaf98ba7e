
namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>With weights, an exponent and query expansion that are not the defaults.</summary>
[TestClass]
public sealed class WeightedKnnLandmarkEstimatorTests : KnnLandmarkConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
            TrainingPenaltyWeight = 0.7,
            QueryPenaltyWeight = 1.3,
            SimilarityExponent = 2.5,
            QueryExpansion = 3,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });
}
