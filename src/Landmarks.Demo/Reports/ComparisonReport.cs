using System.Globalization;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Reports;

/// <summary>Shows how well methods answered the same queries.</summary>
internal static class ComparisonReport
{
    private static readonly string[] s_measures = ["GAP", "accuracy", "GAP-difference", "accuracy-difference"];

    /// <summary>A table on a terminal; redirected, the lines of a CSV file between two empty ones.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<ComparedMethod> methods)
    {
        terminal.WriteLine($"Differences are those to {methods[0].Name} at {methods[0].ImageSize} pixels. Intervals hold 95 % of "
            + $"{MethodComparison.Resamples} resamples of the queries;");
        terminal.WriteLine("where that of a difference holds 0, these queries do not tell which of the two is better.");
        terminal.WriteLine();
        if (terminal.IsRedirected)
            WriteLines(terminal, methods);
        else
            terminal.Write(CreateTable(terminal, methods));
        terminal.WriteLine();
        VerdictReport.Write(terminal, methods);
    }

    private static void WriteLines(Terminal terminal, IReadOnlyList<ComparedMethod> methods)
    {
        terminal.WriteLine(CsvLine.Of(
            ["method", "image-size", .. s_measures.SelectMany(m => (string[])[m, $"{m}-low", $"{m}-high"])]));
        foreach (ComparedMethod method in methods)
            terminal.WriteLine(CsvLine.Of(
                [method.Name, method.ImageSize, .. Estimates(method).SelectMany(e => new[] { e.Value, e.Interval.Low, e.Interval.High })
                .Select(Quantity.Share)]));
    }

    private static Table CreateTable(Terminal terminal, IReadOnlyList<ComparedMethod> methods)
    {
        Table table = terminal.CreateTable("method", "pixels", "GAP", "accuracy", "GAP difference", "accuracy difference");
        table.Columns[1].RightAligned();
        foreach (ComparedMethod method in methods)
        {
            (double Value, MetricInterval Interval)[] estimates = Estimates(method);
            table.AddRow(new[] { method.Name, method.ImageSize }.Concat(estimates[..2].Select(e => Cell(e, ""))).Concat(estimates[2..]
                .Select(e => method == methods[0] ? "" : Cell(e, "+"))).Select(text => Terminal.Cell(text)));
        }

        return table;
    }

    private static (double Value, MetricInterval Interval)[] Estimates(ComparedMethod method)
    {
        (LandmarkComparison result, LandmarkMetrics metrics) = (method.Result, method.Result.Metrics);
        return
        [
            (metrics.GlobalAveragePrecision, metrics.GlobalAveragePrecisionInterval!.Value),
            (metrics.Accuracy, metrics.AccuracyInterval!.Value),
            (result.GlobalAveragePrecisionDifference, result.GlobalAveragePrecisionDifferenceInterval!.Value),
            (result.AccuracyDifference, result.AccuracyDifferenceInterval!.Value),
        ];
    }

    private static string Cell((double Value, MetricInterval Interval) estimate, string plus)
    {
        string format = $"{plus}0.0000;-0.0000", ofInterval = $"{plus}0.000;-0.000";
        return $"{Text(estimate.Value, format)} ({Text(estimate.Interval.Low, ofInterval)} to {Text(estimate.Interval.High, ofInterval)})";
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
