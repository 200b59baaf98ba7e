namespace Microsoft.ML;

/// <summary>Where a measure lies with a confidence of 95 %.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct MetricInterval(double Low, double High)
{
    private const double Tail = 0.025;

    // Of the standard normal distribution, 97.5 %.
    private const double Quantile975 = 1.959963984540054;

    /// <summary>That which holds 95 % of resamples: its ends are their quantiles.</summary>
    /// <param name="resampled">The measure of each resample, at least one; sorted here.</param>
    internal static MetricInterval Of(double[] resampled)
    {
        Array.Sort(resampled);
        return new MetricInterval(Quantile(resampled, Tail), Quantile(resampled, 1 - Tail));
    }

    /// <summary>That of a share by Wilson's score, which holds for few, and for shares near 0 and 1, too.</summary>
    /// <param name="share">The share that was found, from 0 to 1.</param>
    /// <param name="count">Of how many; at least 1.</param>
    /// <remarks>Wilson, Probable inference, the law of succession, and statistical inference, 1927.</remarks>
    internal static MetricInterval Wilson(double share, long count)
    {
        double spread = Quantile975 * Quantile975 / count, middle = share + spread / 2,
            half = Quantile975 * Math.Sqrt(share * (1 - share) / count + spread / (4 * count));
        return new MetricInterval(Math.Max(0, (middle - half) / (1 + spread)), Math.Min(1, (middle + half) / (1 + spread)));
    }

    // Linear between the two order statistics beside it.
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 == sorted.Length ? sorted[below] : double.Lerp(sorted[below], sorted[below + 1], position - below);
    }
}
