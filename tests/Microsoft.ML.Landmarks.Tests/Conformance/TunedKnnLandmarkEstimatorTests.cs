namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>With weights and an exponent that Fit chooses.</summary>
[TestClass]
public sealed class TunedKnnLandmarkEstimatorTests : KnnLandmarkConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id", NeighborsColumnName = "Neighbors", Tuning = new KnnLandmarkTuning() });
}
