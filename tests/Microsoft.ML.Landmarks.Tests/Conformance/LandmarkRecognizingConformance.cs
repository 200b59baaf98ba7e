namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>What RecognizeLandmarks must do, by each method, which is what KnnLandmark must do.</summary>
public abstract class LandmarkRecognizingConformance(LandmarkMethod? method) : KnnLandmarkConformance
{
    // It is told of the rows that are read, the one that is left out too.
    private protected override long RowsToldByFit(BatchTransformer fitted) => 50;

    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = method,
            // A third of the few non-landmarks is enough.
            FalseAlarmRate = 0.3,
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
}
