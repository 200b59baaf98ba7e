using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What of the settings of <see cref="KnnLandmarkEstimator"/> is part of the model.</summary>
/// <param name="FeatureColumnName">The column that is read.</param>
/// <param name="PredictedLabelColumnName">The column that is added with the landmark.</param>
/// <param name="ScoreColumnName">The column that is added with the confidence.</param>
/// <param name="NeighborsColumnName">The column that is added with the neighbors; null for none.</param>
/// <param name="NeighborScoresColumnName">The column that is added with their scores; null for none.</param>
/// <param name="QueryPenaltyColumnName">The column that is added with the query's penalty; null for none.</param>
/// <param name="NumberOfNeighbors">How many rows vote.</param>
/// <param name="NumberOfTrainingPenaltyNeighbors">How many non-landmarks made the penalty of a row.</param>
/// <param name="NumberOfQueryPenaltyNeighbors">How many non-landmarks make the penalty of a query.</param>
/// <param name="Vote">The weights and the exponent: the options', or those that tuning chose.</param>
/// <param name="QueryExpansion">How many rows a query is averaged with.</param>
internal sealed record KnnLandmarkSettings(
    string FeatureColumnName, string PredictedLabelColumnName, string ScoreColumnName, string? NeighborsColumnName,
    string? NeighborScoresColumnName, string? QueryPenaltyColumnName, int NumberOfNeighbors, int NumberOfTrainingPenaltyNeighbors,
    int NumberOfQueryPenaltyNeighbors, VoteSettings Vote, int QueryExpansion)
{
    /// <summary>Whether a column of neighbors would have more places than one may have.</summary>
    public bool ListsTooManyNeighbors
        => NumberOfNeighbors > KnnLandmarkEstimator.MostListedNeighbors && (NeighborsColumnName ?? NeighborScoresColumnName) is not null;

    /// <summary>The columns that are added, in order.</summary>
    public IEnumerable<(KnnLandmarkOutput Output, string Name)> Outputs
    {
        get
        {
            yield return (KnnLandmarkOutput.PredictedLabel, PredictedLabelColumnName);
            yield return (KnnLandmarkOutput.Score, ScoreColumnName);
            if (NeighborsColumnName is { } neighbors)
                yield return (KnnLandmarkOutput.Neighbors, neighbors);
            if (NeighborScoresColumnName is { } scores)
                yield return (KnnLandmarkOutput.NeighborScores, scores);
            if (QueryPenaltyColumnName is { } penalty)
                yield return (KnnLandmarkOutput.QueryPenalty, penalty);
        }
    }
}
