using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Bars from 0 to 1. What they say stands beside them as text.</summary>
internal static class Bars
{
    public const string Minus = "\u2212";

    // What is rarer than that is drawn at the edge.
    private const double SmallestProbability = 0.001;

    /// <summary>A vote, and what the penalty took off the cosine, or added to it.</summary>
    public static Markup Vote(VotingNeighbor neighbor)
    {
        double low = Limit(Math.Min(neighbor.Score, neighbor.Similarity)), high = Limit(Math.Max(neighbor.Score, neighbor.Similarity));
        return Draw($"""
            <rect class="vote" width="{Place(low)}" height="10"/>
            <rect class="penalty" x="{Place(low)}" width="{Place(high - low)}" height="10"/>
            """);
    }

    public static Markup Likeness(float cosine) => Draw($"""<rect class="likeness" width="{Place(Limit(cosine))}" height="10"/>""");

    /// <summary>A probability on a scale of powers of ten, with the part that is at most the stated rate.</summary>
    public static Markup Probability(float p, double? stated)
    {
        Markup part = stated is { } rate ? $"""<rect class="landmark" width="{Place(Scale(rate))}" height="10"/>""" : Markup.None;
        return Draw($"""{part}<rect class="mark" x="{Place(Math.Min(Scale(p), 0.985))}" width="1.5" height="10"/>""");
    }

    /// <summary>A rate with its interval, and what was stated.</summary>
    public static Markup Rate(ReportedRate rate)
    {
        MeasuredRate measured = rate.Measured;
        Markup stated = rate.Stated is { } most ? $"""<rect class="stated" x="{Place(most)}" width="0.6" height="10"/>""" : Markup.None;
        return Draw($"""
            <rect class="interval" x="{Place(measured.Low)}" y="3" width="{Place(measured.High - measured.Low)}" height="4"/>{stated}
            <rect class="mark" x="{Place(Math.Min(measured.Rate, 0.988))}" width="1.2" height="10"/>
            """);
    }

    private static Markup Draw(Markup rectangles) => $"""
        <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" width="100" height="10"/>{rectangles}</svg>
        """;

    private static double Scale(double p) => 1 - Math.Log(Limit(Math.Max(p, SmallestProbability))) / Math.Log(SmallestProbability);

    private static double Limit(double value) => Math.Clamp(value, 0, 1);

    private static string Place(double share) => Figures.Place(100 * share);
}
