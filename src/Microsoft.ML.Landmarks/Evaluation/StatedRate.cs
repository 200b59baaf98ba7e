namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>A share that is stated beforehand, of false alarms, say: above 0 and below 1.</summary>
internal static class StatedRate
{
    private const string Allowed = "above 0 and below 1";

    /// <exception cref="ArgumentException">It is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    public static double Require(double? rate, string name) => Check(rate, name) ?? throw Errors.Option(name, "null", Allowed);

    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    public static double? Check(double? rate, string name)
        => rate is null or (> 0 and < 1) ? rate : throw Errors.OptionRange(name, rate.Value, Allowed);
}
