using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>How well a method answered, and how much better than the first.</summary>
/// <param name="Answers">What it answered.</param>
/// <param name="Result">Its measures, and their differences to the first's.</param>
internal sealed record ComparedMethod(ComparedAnswers Answers, LandmarkComparison Result)
{
    public string Name => Answers.Method;

    public string ImageSize => Answers.ImageSize;

    /// <summary>What its verdicts made of the queries; null where it has none.</summary>
    public StatedVerdict? Verdict
        => Result.Metrics.Verdict is { } measured ? new(Answers.FalseAlarmRate, Answers.UnknownLandmarkRate, measured) : null;
}
