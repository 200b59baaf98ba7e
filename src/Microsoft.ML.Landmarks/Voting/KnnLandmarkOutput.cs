namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What a <see cref="KnnLandmarkTransformer"/> can add to a row.</summary>
internal enum KnnLandmarkOutput
{
    PredictedLabel,
    Score,
    Neighbors,
    NeighborScores,
    QueryPenalty,
}
