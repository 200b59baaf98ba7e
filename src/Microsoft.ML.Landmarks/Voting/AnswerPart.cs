namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What of an answer a column can show. The option that names the column is called so, with <c>ColumnName</c> after it.</summary>
internal enum AnswerPart
{
    PredictedLabel,
    Score,
    IsLandmark,
    FalseAlarmProbability,
    UnknownLandmarkProbability,
    Neighbors,
    NeighborScores,
    NeighborLabels,
    NeighborPenalties,
    QueryPenalty,
    NonLandmarkNeighbors,
    NonLandmarkNeighborScores,
    TopLabels,
    TopScores,
    Scores,
}
