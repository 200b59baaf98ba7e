namespace Microsoft.ML;

/// <summary>How well one of several sets of predictions answers queries, and how much better than the first.</summary>
/// <remarks>
/// All are measured on the same resamples of the queries, so the differences are paired: what is hard for both does not widen their
/// intervals. Where the interval of a difference holds 0, the queries do not tell which of the two is better.
/// </remarks>
public sealed class LandmarkComparison
{
    internal LandmarkComparison()
    {
    }

    /// <summary>The measures of these predictions.</summary>
    public required LandmarkMetrics Metrics { get; init; }

    /// <summary>Their global average precision less that of the first.</summary>
    public required double GlobalAveragePrecisionDifference { get; init; }

    /// <summary>Its interval by resamples; null where there are none.</summary>
    public required MetricInterval? GlobalAveragePrecisionDifferenceInterval { get; init; }

    /// <summary>Their accuracy less that of the first.</summary>
    public required double AccuracyDifference { get; init; }

    /// <summary>Its interval by resamples; null where there are none.</summary>
    public required MetricInterval? AccuracyDifferenceInterval { get; init; }
}
