using System.Globalization;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Reports;

/// <summary>Shows what verdicts make of queries: the rates that were stated, and those that were measured.</summary>
internal static class VerdictReport
{
    private static readonly string[] s_columns =
        ["no landmark, answered", "unknown landmark, answered", "right answers kept", "answered wrong"];

    private static readonly string[] s_ends = ["", "-low", "-high"];

    /// <summary>A table on a terminal; redirected, a line for each measure and each end of its interval.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<StatedVerdict> verdicts)
    {
        if (terminal.IsRedirected)
        {
            foreach (StatedVerdict verdict in verdicts)
                WriteLines(terminal, verdict);
            return;
        }

        if (verdicts.Count == 0)
            return;
        Table table = terminal.CreateTable(["verdict", .. s_columns]);
        foreach (StatedVerdict verdict in verdicts)
            table.AddRow([Describe(verdict), .. verdict.Measures.Select(m => Cell(m.Rate))]);
        terminal.Write(table);
    }

    /// <summary>Those of methods, where any has verdicts: a table on a terminal; redirected, the lines of a CSV file between two empty
    /// ones.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<ComparedMethod> methods)
    {
        (ComparedMethod Method, StatedVerdict Verdict)[] verdicts = [.. methods.SelectMany(method
            => method.Verdict is { } verdict ? new[] { (method, verdict) } : [])];
        if (verdicts.Length == 0)
            return;
        terminal.WriteLine("Verdicts: which share of the queries of each kind is answered, with 95 % intervals. What is stated of those of "
            + "no landmark is promised for such as are like the non-landmarks.");
        terminal.WriteLine();
        if (terminal.IsRedirected)
            WriteLines(terminal, verdicts);
        else
            terminal.Write(CreateTable(terminal, verdicts));
        terminal.WriteLine();
    }

    private static void WriteLines(Terminal terminal, (ComparedMethod Method, StatedVerdict Verdict)[] verdicts)
    {
        terminal.WriteLine(CsvLine.Of(["method", "image-size", "stated-false-alarms", "stated-unknown-landmarks",
            .. verdicts[0].Verdict.Measures.SelectMany(m => s_ends.Select(end => $"{m.Name}{end}"))]));
        foreach ((ComparedMethod method, StatedVerdict verdict) in verdicts)
            terminal.WriteLine(CsvLine.Of([method.Name, method.ImageSize, Stated(verdict.FalseAlarmRate),
                Stated(verdict.UnknownLandmarkRate), .. verdict.Measures.SelectMany(m => Shares(m.Rate))]));
    }

    private static Table CreateTable(Terminal terminal, (ComparedMethod Method, StatedVerdict Verdict)[] verdicts)
    {
        Table table = terminal.CreateTable(["method", "pixels", "verdict", .. s_columns]);
        table.Columns[1].RightAligned();
        foreach ((ComparedMethod method, StatedVerdict verdict) in verdicts)
            table.AddRow(new[] { method.Name, method.ImageSize, Describe(verdict) }.Concat(verdict.Measures.Select(m => Cell(m.Rate)))
                .Select(text => Terminal.Cell(text)));
        return table;
    }

    private static void WriteLines(Terminal terminal, StatedVerdict verdict)
    {
        double[] stated = [.. new[] { verdict.FalseAlarmRate, verdict.UnknownLandmarkRate }.OfType<double>()];
        string at = stated.Length == 0 ? "" : $"-at-{string.Join('-', stated.Select(Quantity.Number))}";
        foreach ((string name, MeasuredRate rate) in verdict.Measures.Where(m => m.Rate.Total > 0))
        {
            foreach ((string end, string share) in s_ends.Zip(Shares(rate)))
                terminal.WriteLine($"{name}{at}{end} {share}");
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

    private static string Stated(double? rate) => rate is { } stated ? Quantity.Number(stated) : "";

    private static string[] Shares(MeasuredRate rate)
        => rate.Total == 0 ? ["", "", ""] : [Quantity.Share(rate.Rate), Quantity.Share(rate.Low), Quantity.Share(rate.High)];

    private static string Cell(MeasuredRate rate)
        => rate.Total == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{rate.Count} of {rate.Total}: {100 * rate.Rate:F1} % ({100 * rate.Low:F1} to {100 * rate.High:F1})");
}
