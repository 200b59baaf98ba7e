using System.Globalization;

namespace Landmarks.Demo;

/// <summary>Numbers as text.</summary>
internal static class Quantity
{
    /// <summary>A count of things whose plural takes an s.</summary>
    public static string Of(long count, string thing)
        => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    public static string Of(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
        : time.ToString(time.TotalHours < 1 ? @"m\:ss" : time.TotalDays < 1 ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss",
        CultureInfo.InvariantCulture);

    /// <summary>How many in a second.</summary>
    public static string Rate(double count, TimeSpan time)
        => string.Create(CultureInfo.InvariantCulture, $"{count / Math.Max(time.TotalSeconds, 1e-3):F1}");

    /// <summary>A measure from 0 to 1.</summary>
    public static string Share(double share) => share.ToString("F6", CultureInfo.InvariantCulture);

    /// <summary>A rate with as many decimals as it has.</summary>
    public static string Number(double rate) => rate.ToString(CultureInfo.InvariantCulture);

    /// <summary>A rate in percent, with as many decimals as it has.</summary>
    public static string Percent(double rate) => $"{((decimal)rate * 100).ToString("0.############", CultureInfo.InvariantCulture)} %";

    /// <summary>How often something happens, from 0 to 1; of a thousand photographs none tells more.</summary>
    public static string Probability(double probability) => probability.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A score of a vote; six decimals are all that a Single holds of it.</summary>
    public static string Score(float score) => score.ToString("F6", CultureInfo.InvariantCulture);
}
