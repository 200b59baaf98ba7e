using System.Globalization;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Output;

/// <summary>Shows how well queries were answered.</summary>
internal static class MetricsWriter
{
    /// <summary>A table on a terminal; redirected, a line for each measure, its name and its value by a blank.</summary>
    public static void Write(Terminal terminal, LandmarkMetrics metrics)
    {
        (string Name, string Value)[] measures =
        [
            ("GAP", Quantity.Share(metrics.GlobalAveragePrecision)),
            ("accuracy", Quantity.Share(metrics.Accuracy)),
            ("queries", Count(metrics.QueryCount)),
            ("answered", Count(metrics.AnsweredCount)),
            ("with-landmark", Count(metrics.WithLandmarkCount)),
            ("right", Count(metrics.RightCount)),
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

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
