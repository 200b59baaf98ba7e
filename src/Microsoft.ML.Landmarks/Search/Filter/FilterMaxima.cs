namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>What no row of a gallery, or of a part of it, exceeds.</summary>
/// <param name="PrefixLength">The longest quantised prefix, Y.</param>
/// <param name="PrefixError">The largest error of a quantised prefix.</param>
/// <param name="Length">The longest centered row.</param>
internal readonly record struct FilterMaxima(double PrefixLength, double PrefixError, double Length)
{
    /// <summary>Those of two parts together.</summary>
    public static FilterMaxima Max(FilterMaxima a, FilterMaxima b)
        => new(Math.Max(a.PrefixLength, b.PrefixLength), Math.Max(a.PrefixError, b.PrefixError), Math.Max(a.Length, b.Length));
}
