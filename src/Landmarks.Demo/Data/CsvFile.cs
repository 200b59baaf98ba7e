using nietras.SeparatedValues;

namespace Landmarks.Demo.Data;

/// <summary>Reads some columns of a CSV file by their names.</summary>
internal static class CsvFile
{
    /// <param name="file">UTF-8 with a header.</param>
    /// <param name="columns">For each column that is wanted the names that it may have; the first that is there is taken. Others are ignored.</param>
    /// <exception cref="JobFailedException">The file is missing, lacks a column or has a broken line; the message names file and line.</exception>
    public static IEnumerable<CsvRow> Read(string file, params string[][] columns)
    {
        if (!File.Exists(file))
            throw Errors.FileMissing(file);
        // The header is read as a row: it may have more columns than the rows.
        using SepReader reader = Sep.New(',').Reader(o => o with { HasHeader = false, Unescape = true, DisableColCountCheck = true }).FromFile(file);
        string[] header = MoveNext(reader, file) ? reader.Current[..].ToStringsArray() : [];
        int[] places = [.. columns.Select(names => names.Select(n => Array.IndexOf(header, n)).FirstOrDefault(i => i >= 0, -1))];
        if (places.Contains(-1))
            throw Errors.CsvHeader(file, header, columns);
        int needed = places.Max() + 1;
        while (MoveNext(reader, file))
        {
            SepReader.Row row = reader.Current;
            if (row.ColCount <= 1 && row.Span.IsWhiteSpace())
                continue;
            if (row.ColCount < needed)
                throw Errors.CsvColumns(file, row.LineNumberFrom, row.ColCount, needed);
            yield return new CsvRow(row.LineNumberFrom, Fields(row, places));
        }
    }

    private static string[] Fields(SepReader.Row row, int[] places)
    {
        var fields = new string[places.Length];
        for (int i = 0; i < fields.Length; i++)
            fields[i] = row[places[i]].ToString();
        return fields;
    }

    private static bool MoveNext(SepReader reader, string file)
    {
        try
        {
            return reader.MoveNext();
        }
        catch (InvalidDataException e)
        {
            throw Errors.CsvBroken(file, e);
        }
    }
}
