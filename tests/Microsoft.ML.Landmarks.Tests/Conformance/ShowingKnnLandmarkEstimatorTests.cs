using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>With all columns that there are.</summary>
[TestClass]
public class ShowingKnnLandmarkEstimatorTests : KnnLandmarkConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(AllAnswerColumns.Options)
        {
            IdColumnName = "Id",
            NumberOfTopLandmarks = 6,
            NumberOfNeighbors = 3,
            TrainingPenaltyWeight = 0.7,
            QueryExpansion = 2,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });
}
