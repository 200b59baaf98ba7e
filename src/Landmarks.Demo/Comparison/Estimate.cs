namespace Landmarks.Demo.Comparison;

/// <summary>A measure, and the interval in which 95 % of its resamples lie.</summary>
internal readonly record struct Estimate(double Value, double Low, double High)
{
    private const double Tail = 0.025;

    /// <param name="value">Of the queries themselves.</param>
    /// <param name="resampled">Of each resample; sorted here.</param>
    public static Estimate Of(double value, double[] resampled)
    {
        Array.Sort(resampled);
        return new Estimate(value, Quantile(resampled, Tail), Quantile(resampled, 1 - Tail));
    }

    // Linear between the two order statistics beside it.
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 == sorted.Length ? sorted[below] : double.Lerp(sorted[below], sorted[below + 1], position - below);
    }
}
