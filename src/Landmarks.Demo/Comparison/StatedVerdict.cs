using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>What verdicts at stated rates make of queries.</summary>
/// <param name="FalseAlarmRate">The share of photographs of no landmark that may be answered; null where it is not told.</param>
/// <param name="UnknownLandmarkRate">Likewise of photographs of landmarks that the model does not know; null where it is not told, or has
/// no part in the verdict.</param>
/// <param name="Measured">What came of it.</param>
internal sealed record StatedVerdict(double? FalseAlarmRate, double? UnknownLandmarkRate, LandmarkVerdictMetrics Measured)
{
    /// <summary>Each measure by its name; of none where there is no such query, or it is not told which are.</summary>
    public IReadOnlyList<(string Name, MeasuredRate Rate)> Measures =>
    [
        ("false-alarms", Measured.FalseAlarms),
        ("unknown-landmarks", Measured.UnknownLandmarks ?? default),
        ("right-answers-kept", Measured.RightAnswersKept),
        ("wrong-answers", Measured.WrongAnswers),
    ];
}
