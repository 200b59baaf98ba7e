using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>What verdicts at stated rates make of queries.</summary>
/// <param name="FalseAlarmRate">The share of photographs of no landmark that may be answered; null where it is not told.</param>
/// <param name="UnknownLandmarkRate">Likewise of photographs of landmarks that the model does not know; null where it is not told, or has
/// no part in the verdict.</param>
/// <param name="Measured">What came of it.</param>
internal sealed record StatedVerdict(double? FalseAlarmRate, double? UnknownLandmarkRate, LandmarkVerdictMetrics Measured)
{
    /// <summary>Each measure by its name; those of no query are left out.</summary>
    public IEnumerable<(string Name, MeasuredRate Rate)> Measures
        => new[]
        {
            ("false-alarms", Measured.FalseAlarms),
            ("unknown-landmarks", Measured.UnknownLandmarks ?? default),
            ("right-answers-kept", Measured.RightAnswersKept),
            ("wrong-answers", Measured.WrongAnswers),
        }.Where(measure => measure.Item2.Total > 0);
}
