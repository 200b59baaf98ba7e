using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>How well a method answered, and how much better than the first.</summary>
/// <param name="Answers">What it answered.</param>
/// <param name="Result">Its measures, and their differences to the first's.</param>
/// <param name="Measured">What its verdicts made of the queries, by the landmarks that it knows; null where it has none.</param>
internal sealed record ComparedMethod(ComparedAnswers Answers, LandmarkComparison Result, LandmarkVerdictMetrics? Measured)
{
    public string Name => Answers.Method;

    public string ImageSize => Answers.ImageSize;

    /// <summary>The same beside what was stated.</summary>
    public StatedVerdict? Verdict
        => Measured is { } measured ? new(Answers.FalseAlarmRate, Answers.UnknownLandmarkRate, measured) : null;
}
