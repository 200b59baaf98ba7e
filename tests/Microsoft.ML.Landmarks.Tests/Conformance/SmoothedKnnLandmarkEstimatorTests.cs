namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>With rows that are smoothed after a tuning.</summary>
[TestClass]
public sealed class SmoothedKnnLandmarkEstimatorTests : KnnLandmarkConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Id",
            SameLandmarkSmoothing = 0.25,
            Tuning = new KnnLandmarkTuning(),
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });
}
