namespace Landmarks.Demo.Reports;

/// <summary>A line of a CSV file that stands among what else is said.</summary>
internal static class CsvLine
{
    /// <summary>The line of some cells; what would end a cell is quoted.</summary>
    public static string Of(params IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Quote(string cell)
        => cell.AsSpan().ContainsAny(',', '"') ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
