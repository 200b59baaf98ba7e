namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>What verdicts are asked to keep.</summary>
/// <param name="FalseAlarms">The share of photographs of nothing that may be answered; above 0, below 1.</param>
/// <param name="Confidence">How surely that holds; null: in the mean over all models.</param>
/// <param name="UnknownLandmarks">The share of photographs of unknown landmarks that may be answered; null: they are not looked at.</param>
internal sealed record VerdictRates(double FalseAlarms, double? Confidence, double? UnknownLandmarks)
{
    private const string Allowed = "above 0, below 1";

    /// <exception cref="ArgumentException">It is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    public static double Require(double? rate, string name) => Check(rate, name) ?? throw Errors.Option(name, "null", Allowed);

    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    public static double? Check(double? rate, string name)
        => rate is null or (> 0 and < 1) ? rate : throw Errors.OptionRange(name, rate.Value, Allowed);
}
