using Landmarks.Demo.Comparison;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Reports;

/// <summary>Shows what verdicts make of queries: the rates that were stated, and those that were measured.</summary>
internal static class VerdictReport
{
    /// <summary>A table on a terminal; redirected, a line for each measure and each end of its interval.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<StatedVerdict> verdicts)
    {
        if (terminal.IsRedirected)
        {
            foreach (StatedVerdict verdict in verdicts)
                WriteLines(terminal, verdict);
            return;
        }

        Table table = terminal.CreateTable("verdict", "no landmark, answered", "unknown landmark, answered", "right answers kept",
            "answered wrong");
        foreach (StatedVerdict verdict in verdicts)
            table.AddRow(Describe(verdict), Cell(verdict.Measured.FalseAlarms), Cell(verdict.Measured.UnknownLandmarks ?? default),
                Cell(verdict.Measured.RightAnswersKept), Cell(verdict.Measured.WrongAnswers));
        terminal.Write(table);
    }

    private static void WriteLines(Terminal terminal, StatedVerdict verdict)
    {
        double[] stated = [.. new[] { verdict.FalseAlarmRate, verdict.UnknownLandmarkRate }.OfType<double>()];
        string at = stated.Length == 0 ? "" : $"-at-{string.Join('-', stated.Select(Quantity.Number))}";
        foreach ((string name, MeasuredRate rate) in verdict.Measures)
        {
            terminal.WriteLine($"{name}{at} {Quantity.Share(rate.Rate)}");
            terminal.WriteLine($"{name}{at}-low {Quantity.Share(rate.Low)}");
            terminal.WriteLine($"{name}{at}-high {Quantity.Share(rate.High)}");
        }
    }

    private static string Describe(StatedVerdict verdict)
    {
        string[] stated =
        [
            .. verdict.FalseAlarmRate is { } falseAlarms ? [$"{Quantity.Percent(falseAlarms)} of no landmark"] : Array.Empty<string>(),
            .. verdict.UnknownLandmarkRate is { } unknown ? [$"{Quantity.Percent(unknown)} of unknown ones"] : Array.Empty<string>(),
        ];
        return stated.Length == 0 ? "as answered" : $"stated {string.Join(", ", stated)}";
    }

    private static string Cell(MeasuredRate rate)
        => rate.Total == 0 ? "" : $"{rate.Count} of {rate.Total}: {EstimateText.Of(rate.Rate, rate.Low, rate.High)}";
}
