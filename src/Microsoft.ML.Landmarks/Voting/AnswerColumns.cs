namespace Microsoft.ML.Landmarks.Voting;

/// <summary>The columns in which a step shows its answers, and how many landmarks it ranks; null stands for a column that is not
/// added.</summary>
internal sealed record AnswerColumns
{
    public required string PredictedLabel { get; init; }

    public required string Score { get; init; }

    /// <summary>The verdict, of a step that has one.</summary>
    public string? IsLandmark { get; init; }

    public string? FalseAlarmProbability { get; init; }

    public string? UnknownLandmarkProbability { get; init; }

    public string? Neighbors { get; init; }

    public string? NeighborScores { get; init; }

    public string? NeighborLabels { get; init; }

    public string? NeighborPenalties { get; init; }

    public string? QueryPenalty { get; init; }

    public string? NonLandmarkNeighbors { get; init; }

    public string? NonLandmarkNeighborScores { get; init; }

    public string? TopLabels { get; init; }

    public string? TopScores { get; init; }

    public string? Scores { get; init; }

    /// <summary>The places of <see cref="TopLabels"/> and <see cref="TopScores"/>.</summary>
    public int NumberOfTopLandmarks { get; init; }

    /// <summary>Those of a step that has no verdict.</summary>
    public AnswerColumns WithoutVerdict => this with { IsLandmark = null, FalseAlarmProbability = null, UnknownLandmarkProbability = null };

    /// <summary>The columns that are added, in order.</summary>
    public IReadOnlyList<(AnswerPart Part, string Name)> Added
    {
        get
        {
            (AnswerPart Part, string? Name)[] all =
            [
                (AnswerPart.PredictedLabel, PredictedLabel), (AnswerPart.Score, Score), (AnswerPart.IsLandmark, IsLandmark),
                (AnswerPart.FalseAlarmProbability, FalseAlarmProbability),
                (AnswerPart.UnknownLandmarkProbability, UnknownLandmarkProbability), (AnswerPart.Neighbors, Neighbors),
                (AnswerPart.NeighborScores, NeighborScores), (AnswerPart.NeighborLabels, NeighborLabels),
                (AnswerPart.NeighborPenalties, NeighborPenalties), (AnswerPart.QueryPenalty, QueryPenalty),
                (AnswerPart.NonLandmarkNeighbors, NonLandmarkNeighbors),
                (AnswerPart.NonLandmarkNeighborScores, NonLandmarkNeighborScores), (AnswerPart.TopLabels, TopLabels),
                (AnswerPart.TopScores, TopScores), (AnswerPart.Scores, Scores),
            ];
            return [.. all.Where(column => column.Name is not null).Select(column => (column.Part, column.Name!))];
        }
    }
}
