namespace Microsoft.ML;

/// <summary>
/// How well predictions say whether there is a landmark. A query is answered where its prediction names a landmark with a score, and its
/// IsLandmark is true.
/// </summary>
public sealed class LandmarkVerdictMetrics
{
    internal LandmarkVerdictMetrics()
    {
    }

    /// <summary>Of the queries that show no landmark, those that were answered: the false alarms.</summary>
    public required MeasuredRate FalseAlarms { get; init; }

    /// <summary>
    /// Of the queries that show none but landmarks that the model does not know, those that were answered; null where it was not told which
    /// it knows (<see cref="LandmarkEvaluationOptions.KnownLandmarks"/>).
    /// </summary>
    public required MeasuredRate? UnknownLandmarks { get; init; }

    /// <summary>Of the queries whose prediction names a landmark that they show, those that were answered: what the verdict
    /// keeps.</summary>
    public required MeasuredRate RightAnswersKept { get; init; }

    /// <summary>Of the queries that show a landmark, one that the model knows where that was told, those that were answered
    /// wrong.</summary>
    public required MeasuredRate WrongAnswers { get; init; }
}
