using MathNet.Numerics.Distributions;

namespace Microsoft.ML;

/// <summary>How many of some queries something is true of, and what that says of queries like them.</summary>
/// <param name="Count">How many it is true of.</param>
/// <param name="Total">How many there are; none: nothing is known of the rate.</param>
/// <remarks>
/// The interval is that of Clopper and Pearson (The use of confidence or fiducial limits illustrated in the case of the binomial,
/// Biometrika 26, 1934), which holds the true rate in at least 95 % of samples.
/// </remarks>
public readonly record struct MeasuredRate(int Count, int Total)
{
    private const double Tail = 0.025;

    /// <summary>The share, from 0 to 1; NaN of none.</summary>
    public double Rate => (double)Count / Total;

    /// <summary>The lower end of the interval; 0 where the count is 0.</summary>
    public double Low => Count == 0 ? 0 : Beta.InvCDF(Count, Total - Count + 1, Tail);

    /// <summary>The upper end of the interval; 1 where the count is all.</summary>
    public double High => Count == Total ? 1 : Beta.InvCDF(Count + 1, Total - Count, 1 - Tail);
}
