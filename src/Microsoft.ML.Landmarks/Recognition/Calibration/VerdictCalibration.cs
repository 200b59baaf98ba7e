namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>The scores by which answers are judged, as a model holds them.</summary>
/// <param name="FalseAlarms">Of photographs of nothing.</param>
/// <param name="AreProved">Whether nothing was learned from those, so that the rate is a promise; else they were answered in folds, each by
/// a model of the others.</param>
/// <param name="UnknownLandmarks">Of photographs of landmarks, by models that do not know these; none where there are too few
/// landmarks.</param>
/// <param name="RightAnswers">Of photographs of landmarks that are answered rightly, by models that have not learned from them.</param>
/// <param name="HeldOut">The photographs of nothing that were held out; null where none was, and in a model of format 1.</param>
/// <param name="Folds">What folds learned from; null where none did, and in a model of format 1.</param>
internal sealed record VerdictCalibration(ConformalScores FalseAlarms, bool AreProved, ConformalScores UnknownLandmarks,
    ConformalScores RightAnswers, HeldOutRows? HeldOut = null, FoldRows? Folds = null);
