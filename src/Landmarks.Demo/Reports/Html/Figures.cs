using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Numbers as a report shows them.</summary>
internal static class Figures
{
    private const string Minus = "\u2212";

    /// <summary>A cosine, a vote or a sum of votes.</summary>
    public static string Score(float score) => Signed(score.ToString("F3", CultureInfo.InvariantCulture));

    /// <summary>A probability; the smallest ones keep a figure.</summary>
    public static string Probability(double p) => p.ToString(p is 0 or >= 0.001 ? "0.###" : "0.0E0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => $"{(share * 100).ToString("0.#", CultureInfo.InvariantCulture)}\u00a0%";

    public static string Interval(double low, double high) => $"{Percent(low)} to {Percent(high)}";

    /// <summary>A measure with its interval, where it has one.</summary>
    public static string Measure(double value, MetricInterval? interval)
        => $"{Share(value)}{(interval is { } i ? $" ({Share(i.Low)} to {Share(i.High)})" : "")}";

    /// <summary>A coordinate.</summary>
    public static string Place(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Share(double share) => share.ToString("F3", CultureInfo.InvariantCulture);

    private static string Signed(string number) => number.Replace("-", Minus, StringComparison.Ordinal);
}
