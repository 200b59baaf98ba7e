namespace Microsoft.ML;

/// <summary>Where a measure lies with a confidence of 95 %.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct MetricInterval(double Low, double High)
{
    private const double Tail = 0.025;

    /// <summary>That which holds 95 % of resamples: its ends are their quantiles.</summary>
    /// <param name="resampled">The measure of each resample, at least one; sorted here.</param>
    internal static MetricInterval Of(double[] resampled)
    {
        Array.Sort(resampled);
        return new MetricInterval(Quantile(resampled, Tail), Quantile(resampled, 1 - Tail));
    }

    // Linear between the two order statistics beside it.
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 == sorted.Length ? sorted[below] : double.Lerp(sorted[below], sorted[below + 1], position - below);
    }
}
