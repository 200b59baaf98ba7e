namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>Options of a step that adds columns for all that an answer shows; tests copy them and set the rest.</summary>
public static class AllAnswerColumns
{
    public static KnnLandmarkEstimator.Options Options { get; } = new()
    {
        NeighborsColumnName = "Neighbors",
        NeighborScoresColumnName = "NeighborScores",
        NeighborLabelsColumnName = "NeighborLabels",
        NeighborPenaltiesColumnName = "NeighborPenalties",
        QueryPenaltyColumnName = "QueryPenalty",
        NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
        NonLandmarkNeighborScoresColumnName = "NonLandmarkNeighborScores",
        NumberOfTopLandmarks = 9,
        ScoresColumnName = "Scores",
    };
}
