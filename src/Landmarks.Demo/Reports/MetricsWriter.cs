using System.Globalization;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Reports;

/// <summary>Shows how well queries were answered.</summary>
internal static class MetricsWriter
{
    private const string OfPublic = "public-", OfPrivate = "private-";

    /// <summary>
    /// A table on a terminal; redirected, a line for each measure, its name and its value by a blank, and then one for each end of its
    /// interval.
    /// </summary>
    public static void Write(Terminal terminal, LandmarkMetrics metrics)
    {
        (string Name, string Value, MetricInterval? Interval)[] ignored = [("ignored", Count(metrics.IgnoredCount), null)], measures =
        [
            .. Measures(metrics, ""),
            .. metrics.IgnoredCount > 0 ? ignored : [],
            .. metrics.Public is { } inPublic ? Measures(inPublic, OfPublic) : [],
            .. metrics.Private is { } inPrivate ? Measures(inPrivate, OfPrivate) : [],
        ];
        if (terminal.IsRedirected)
            WriteLines(terminal, measures);
        else
            terminal.Write(CreateTable(terminal, measures));
    }

    // Intervals come last: what was written before there were any stands where it stood.
    private static void WriteLines(Terminal terminal, (string Name, string Value, MetricInterval? Interval)[] measures)
    {
        foreach ((string name, string value, _) in measures)
            terminal.WriteLine($"{name} {value}");
        foreach ((string name, _, MetricInterval? interval) in measures)
        {
            if (interval is not { } ends)
                continue;
            terminal.WriteLine($"{name}-low {Quantity.Share(ends.Low)}");
            terminal.WriteLine($"{name}-high {Quantity.Share(ends.High)}");
        }
    }

    private static Table CreateTable(Terminal terminal, (string Name, string Value, MetricInterval? Interval)[] measures)
    {
        bool hasIntervals = Array.Exists(measures, measure => measure.Interval is not null);
        Table table = terminal.CreateTable(hasIntervals ? ["measure", "value", "95 % interval"] : ["measure", "value"]);
        table.Columns[1].RightAligned();
        foreach ((string name, string value, MetricInterval? interval) in measures)
        {
            string ends = interval is { } i ? $"{Quantity.Share(i.Low)} to {Quantity.Share(i.High)}" : "";
            table.AddRow(hasIntervals ? [name, value, ends] : [name, value]);
        }

        return table;
    }

    private static (string Name, string Value, MetricInterval? Interval)[] Measures(LandmarkMetrics metrics, string prefix) =>
    [
        ($"{prefix}GAP", Quantity.Share(metrics.GlobalAveragePrecision), metrics.GlobalAveragePrecisionInterval),
        ($"{prefix}accuracy", Quantity.Share(metrics.Accuracy), metrics.AccuracyInterval),
        ($"{prefix}queries", Count(metrics.QueryCount), null),
        ($"{prefix}answered", Count(metrics.AnsweredCount), null),
        ($"{prefix}with-landmark", Count(metrics.WithLandmarkCount), null),
        ($"{prefix}right", Count(metrics.RightCount), null),
    ];

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
