using System.Globalization;
using nietras.SeparatedValues;

namespace Microsoft.ML.Landmarks;

/// <summary>Reads a CSV file of landmarks row by row.</summary>
internal static class LandmarkCsv
{
    private const string IdColumn = "id", LabelColumn = "landmark_id", QueryColumn = "landmarks";
    private const int ShortestId = 3;

    /// <summary>Checks that the file is there and has the columns that are needed.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public static void CheckHeader(LandmarkSource source)
    {
        using SepReader reader = Open(source.CsvFile);
        ReadHeader(reader, source.CsvFile);
    }

    /// <exception cref="InvalidDataException">A row can't be read; the message names file and line.</exception>
    public static IEnumerable<LandmarkRow> Read(LandmarkSource source)
    {
        using SepReader reader = Open(source.CsvFile);
        (int id, int? label) = ReadHeader(reader, source.CsvFile);
        var taken = new Dictionary<long, int>();
        while (MoveNext(reader, source.CsvFile))
        {
            CheckQuotes(reader.Current, source.CsvFile, reader.Current.LineNumberFrom);
            if (IsBlank(reader.Current))
                continue;
            LandmarkRow row = Parse(reader.Current, source, id, label);
            long landmark = row.Label.Number;
            if (landmark == LandmarkLabel.NonLandmarkNumber)
            {
                yield return row;
                continue;
            }

            int before = taken.GetValueOrDefault(landmark);
            if (source.NonLandmarksOnly || before >= (source.PhotosPerLandmark ?? int.MaxValue))
                continue;
            if (source.PhotosPerLandmark is not null)
                taken[landmark] = before + 1;
            yield return row;
        }
    }

    private static SepReader Open(string file)
    {
        if (!File.Exists(file))
            throw Errors.CsvMissing(file);
        // The header is read as a row: its columns may have any order and more of them than the rows.
        return Sep.New(',').Reader(o => o with { HasHeader = false, Unescape = true, DisableColCountCheck = true }).FromFile(file);
    }

    private static (int Id, int? Label) ReadHeader(SepReader reader, string file)
    {
        string[] names = [];
        if (MoveNext(reader, file))
        {
            CheckQuotes(reader.Current, file, line: 1);
            names = reader.Current[..].ToStringsArray();
        }

        int id = Array.IndexOf(names, IdColumn), label = Array.IndexOf(names, LabelColumn);
        if (id < 0 || (label < 0 && !names.Contains(QueryColumn)))
            throw Errors.CsvHeader(file, names);
        return (id, label < 0 ? null : label);
    }

    private static bool MoveNext(SepReader reader, string file)
    {
        try
        {
            return reader.MoveNext();
        }
        // A row is longer than Sep holds: the limit that keeps memory bounded.
        catch (NotSupportedException e)
        {
            throw Errors.CsvBroken(file, e);
        }
    }

    // An open quote makes one row of the rest of the file, and Sep takes the end of the file for its end: the rows in it would be lost.
    private static void CheckQuotes(SepReader.Row row, string file, int line)
    {
        if (row.Span.Count('"') % 2 != 0)
            throw Errors.CsvQuote(file, line);
    }

    private static bool IsBlank(SepReader.Row row) => row.ColCount <= 1 && row.Span.IsWhiteSpace();

    private static LandmarkRow Parse(SepReader.Row row, LandmarkSource source, int idColumn, int? labelColumn)
    {
        int needed = Math.Max(idColumn, labelColumn ?? 0) + 1;
        if (row.ColCount < needed)
            throw Errors.CsvColumns(source.CsvFile, row.LineNumberFrom, row.ColCount, needed);
        string id = row[idColumn].ToString();
        if (id.Length < ShortestId || id.AsSpan().ContainsAny('/', '\\', '\0') || id.Contains("..", StringComparison.Ordinal))
            throw Errors.CsvId(source.CsvFile, row.LineNumberFrom, id);
        int label = LandmarkLabel.NonLandmarkNumber;
        if (labelColumn is { } column && !int.TryParse(row[column].Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out label))
            throw Errors.CsvLabel(source.CsvFile, row.LineNumberFrom, row[column].ToString());
        return new LandmarkRow(id, new LandmarkLabel(label, null), Path.Join(source.ImageFolder, id[..1], id[1..2], id[2..3], id + ".jpg"));
    }
}
