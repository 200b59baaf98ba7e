namespace Microsoft.ML.Landmarks.Data;

/// <summary>The rows of a CSV file as a view, read anew in each pass.</summary>
internal static class CsvView
{
    /// <param name="catalog">The data catalog.</param>
    /// <param name="table">The CSV file.</param>
    /// <param name="open">Finds the columns, and gives what reads the row at which the reader stands.</param>
    public static IDataView Create<TRow>(DataOperationsCatalog catalog, CsvTable table, Func<CsvReader, Func<TRow>> open)
        where TRow : class
    {
        using (CsvReader reader = table.Open())
            open(reader);
        return catalog.LoadFromEnumerable(Read(table, open));
    }

    private static IEnumerable<TRow> Read<TRow>(CsvTable table, Func<CsvReader, Func<TRow>> open)
    {
        using CsvReader reader = table.Open();
        Func<TRow> read = open(reader);
        while (reader.MoveNext())
            yield return read();
    }
}
