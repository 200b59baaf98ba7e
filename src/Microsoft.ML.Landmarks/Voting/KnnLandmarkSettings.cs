using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What of the settings of <see cref="KnnLandmarkEstimator"/> is part of the model.</summary>
/// <param name="Rows">The columns of fitted rows; that of the features is read of queries too.</param>
/// <param name="Columns">The columns that are added.</param>
/// <param name="NumberOfNeighbors">How many rows vote.</param>
/// <param name="NumberOfTrainingPenaltyNeighbors">How many non-landmarks made the penalty of a row.</param>
/// <param name="NumberOfQueryPenaltyNeighbors">How many non-landmarks make the penalty of a query.</param>
/// <param name="Vote">The weights and the exponent: the options', or those that tuning chose.</param>
/// <param name="QueryExpansion">How many rows a query is averaged with.</param>
/// <param name="SameLandmarkSmoothing">How far landmark rows were drawn towards those of their landmark, 0 where they are as they were
/// read; null where nobody knows, as of a model of an older format.</param>
internal sealed record KnnLandmarkSettings(
    FittedColumns Rows, AnswerColumns Columns, int NumberOfNeighbors, int NumberOfTrainingPenaltyNeighbors,
    int NumberOfQueryPenaltyNeighbors, VoteSettings Vote, int QueryExpansion, double? SameLandmarkSmoothing)
{
    /// <summary>Whether a tuning chose <see cref="Vote"/>. Where nobody knows, as of a model of an older format, whether it is another than
    /// that of the plain method.</summary>
    public bool IsTuned { get; init; }

    /// <summary>The most places that a list has: 128 MB of numbers a row.</summary>
    public const int MostPlaces = 1 << 24;

    /// <summary>How many places the list of a column has; 0 where it shows one value.</summary>
    public int PlacesOf(AnswerPart part) => part switch
    {
        AnswerPart.Neighbors or AnswerPart.NeighborScores or AnswerPart.NeighborLabels or AnswerPart.NeighborPenalties
            => NumberOfNeighbors,
        AnswerPart.NonLandmarkNeighbors or AnswerPart.NonLandmarkNeighborScores => NumberOfQueryPenaltyNeighbors,
        AnswerPart.TopLabels or AnswerPart.TopScores => Columns.NumberOfTopLandmarks,
        _ => 0,
    };

    /// <summary>The same without places that no row can take: a number may stand for all rows, and be larger than any list.</summary>
    public KnnLandmarkSettings Limit(LandmarkIndex index) => this with
    {
        NumberOfNeighbors = Math.Min(NumberOfNeighbors, index.MostNeighbors),
        NumberOfQueryPenaltyNeighbors = Math.Min(NumberOfQueryPenaltyNeighbors, Math.Max(1, index.MostNonLandmarks)),
    };

    /// <summary>A column whose list would have more places than one may have; null where there is none.</summary>
    public AnswerPart? FindTooLong()
    {
        foreach ((AnswerPart part, _) in Columns.Added)
        {
            if (PlacesOf(part) > MostPlaces)
                return part;
        }

        return null;
    }
}
