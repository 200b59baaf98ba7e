namespace Landmarks.Demo.Data;

/// <summary>A row of a CSV file.</summary>
/// <param name="Line">The line that it begins in, from 1.</param>
/// <param name="Fields">The columns that were asked for, in that order.</param>
internal readonly record struct CsvRow(int Line, string[] Fields);
