namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>What verdicts are asked to keep.</summary>
/// <param name="FalseAlarms">The share of photographs of nothing that may be answered; above 0, below 1.</param>
/// <param name="Confidence">How surely that holds; null: in the mean over all models.</param>
/// <param name="UnknownLandmarks">The share of photographs of unknown landmarks that may be answered; null: they are not looked at.</param>
internal sealed record VerdictRates(double FalseAlarms, double? Confidence, double? UnknownLandmarks);
