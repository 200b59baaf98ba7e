namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>With weights and an exponent that Fit chooses.</summary>
[TestClass]
public sealed class TunedKnnLandmarkEstimatorTests : KnnLandmarkConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            Tuning = new KnnLandmarkTuning(),
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });
}
