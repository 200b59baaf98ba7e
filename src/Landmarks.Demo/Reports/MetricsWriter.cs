using System.Globalization;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Reports;

/// <summary>Shows how well queries were answered.</summary>
internal static class MetricsWriter
{
    /// <summary>A table on a terminal; redirected, a line for each measure, its name and its value by a blank.</summary>
    public static void Write(Terminal terminal, LandmarkMetrics metrics)
    {
        (string Name, string Value)[] measures =
        [
            .. Measures(metrics, ""),
            .. metrics.IgnoredCount > 0 ? [("ignored", Count(metrics.IgnoredCount))] : Array.Empty<(string, string)>(),
            .. metrics.Public is { } inPublic ? Measures(inPublic, "public-") : [],
            .. metrics.Private is { } inPrivate ? Measures(inPrivate, "private-") : [],
        ];
        if (terminal.IsRedirected)
        {
            foreach ((string name, string value) in measures)
                terminal.WriteLine($"{name} {value}");
            return;
        }

        Table table = terminal.CreateTable("measure", "value");
        table.Columns[1].RightAligned();
        foreach ((string name, string value) in measures)
            table.AddRow(new Text(name), new Text(value));
        terminal.Write(table);
    }

    private static (string Name, string Value)[] Measures(LandmarkMetrics metrics, string prefix) =>
    [
        ($"{prefix}GAP", Quantity.Share(metrics.GlobalAveragePrecision)),
        ($"{prefix}accuracy", Quantity.Share(metrics.Accuracy)),
        ($"{prefix}queries", Count(metrics.QueryCount)),
        ($"{prefix}answered", Count(metrics.AnsweredCount)),
        ($"{prefix}with-landmark", Count(metrics.WithLandmarkCount)),
        ($"{prefix}right", Count(metrics.RightCount)),
    ];

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
