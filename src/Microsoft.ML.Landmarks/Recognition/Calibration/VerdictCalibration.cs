namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>The scores by which answers are judged, as a model holds them.</summary>
/// <param name="FalseAlarms">Of photographs of nothing.</param>
/// <param name="AreProved">Whether nothing was learned from those, so that the rate is a promise; else they were answered in folds, each by
/// a model of the others.</param>
/// <param name="UnknownLandmarks">Of fitted photographs, their landmark left out; none where there are too few landmarks.</param>
/// <param name="RightAnswers">Of fitted photographs that are answered rightly by the others, themselves left out.</param>
internal sealed record VerdictCalibration(
    ConformalScores FalseAlarms, bool AreProved, ConformalScores UnknownLandmarks, ConformalScores RightAnswers);
