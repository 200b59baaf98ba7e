using System.Text;
using nietras.SeparatedValues;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>
/// Reads a CSV file in UTF-8 with a header, row by row: commas between fields, a field with a comma, a quote or a line break in quotes,
/// quotes in it twice (RFC 4180); lines end at LF, CRLF or CR, and blank ones are passed over. What else there is, is an error with file
/// and line.
/// </summary>
internal sealed class CsvReader : IDisposable
{
    private const char Comma = ',', Quote = '"';

    // A noncharacter, which no text has, in the place of bytes that are no UTF-8: the row that it turns up in tells the line.
    private const char NoUtf8 = '\uFFFF';

    private static readonly Encoding s_encoding
        = Encoding.GetEncoding(Encoding.UTF8.CodePage, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback($"{NoUtf8}"));

    // What is handed over in place of a CSV file, by its first bytes.
    private static readonly (byte[] Start, string Kind)[] s_otherFiles =
    [
        ([0xFF, 0xFE], "text in UTF-16"), ([0xFE, 0xFF], "text in UTF-16"), ([.. "PK\x03\x04"u8], "a ZIP file or a workbook"),
        ([0x1F, 0x8B], "a gzip file"), ([.. "BZh"u8], "a bzip2 file"), ([0xFD, .. "7zXZ"u8], "an xz file"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file"), ([.. "PAR1"u8], "a Parquet file"),
    ];

    private readonly SepReader _reader;
    private int _nextLine = 1;

    /// <param name="file">What messages call the file.</param>
    /// <param name="stream">Its bytes; disposed with this.</param>
    public CsvReader(string file, Stream stream)
    {
        File = file;
        try
        {
            CheckKind(stream);
            // The header is read as a row, since Sep knows no line of what is wrong with it.
            SepReaderOptions options = Sep.New(Comma).Reader(o => o with { HasHeader = false, DisableColCountCheck = true });
            _reader = RefuseEndlessRow(() => options.From(new StreamReader(stream, s_encoding, detectEncodingFromByteOrderMarks: false)));
            Columns = ReadHeader();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>What messages call the file.</summary>
    public string File { get; }

    /// <summary>The names in the header; none where the file is empty.</summary>
    public string[] Columns { get; }

    /// <summary>The line in which the row begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The field of a column of the row.</summary>
    public string this[int column] => Unquote(_reader.Current[column].Span);

    /// <summary>The place of a column; below 0 where there is none of that name.</summary>
    public int IndexOf(string column) => Array.IndexOf(Columns, column);

    /// <summary>The place of a column that is needed.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="needed">What the header needs, in words.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int IndexOf(string column, string needed)
        => IndexOf(column) is >= 0 and int place ? place : throw Errors.CsvHeader(File, Columns, needed);

    /// <summary>
    /// The place of the column that tells in which part of the challenge a query counts; below 0 where there is none. In letters of any
    /// case: who overlooks it counts what is to be ignored.
    /// </summary>
    public int IndexOfUsage() => Array.FindIndex(Columns, name => name.Equals("Usage", StringComparison.OrdinalIgnoreCase));

    /// <summary>Goes on to the next row that is not blank.</summary>
    /// <exception cref="InvalidDataException">The row is broken, or has not the header's number of fields.</exception>
    public bool MoveNext()
    {
        if (!MoveToNextRow())
            return false;
        int count = _reader.Current.ColCount;
        return count == Columns.Length ? true : throw Errors.CsvColumns(File, Line, count, Columns.Length);
    }

    /// <summary>The field of a column that holds a text of one line.</summary>
    /// <exception cref="InvalidDataException">It has control characters.</exception>
    public string ReadText(int column)
    {
        string text = this[column];
        return LandmarkName.HasControl(text) ? throw Errors.CsvText(File, Line, Columns[column], text) : text;
    }

    /// <summary>The field of a column that tells rows apart.</summary>
    /// <param name="column">Its place.</param>
    /// <param name="earlier">Those of the rows before.</param>
    /// <exception cref="InvalidDataException">It is empty, has control characters, or stands there a second time.</exception>
    public string ReadKey(int column, HashSet<string> earlier)
    {
        string key = ReadText(column);
        if (string.IsNullOrWhiteSpace(key))
            throw Errors.CsvText(File, Line, Columns[column], key);
        return earlier.Add(key) ? key : throw Errors.CsvTwice(File, Line, key);
    }

    /// <summary>The field of the column of <see cref="IndexOfUsage"/>.</summary>
    /// <exception cref="InvalidDataException">It is no part of the challenge.</exception>
    public string ReadUsage(int column)
        => QueryTruth.IsUsage(this[column]) ? this[column] : throw Errors.CsvUsage(File, Line, this[column]);

    /// <summary>Reads the name of a landmark in the row; empty where there is none.</summary>
    /// <exception cref="InvalidDataException">The text can't be one.</exception>
    public string ReadName(string text) => LandmarkName.TryRead(text, out string name) ? name : throw Errors.CsvName(File, Line, text);

    public void Dispose() => _reader.Dispose();

    private void CheckKind(Stream stream)
    {
        var start = new byte[512];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        foreach ((byte[] other, string kind) in s_otherFiles)
        {
            if (start.AsSpan().StartsWith(other))
                throw Errors.CsvKind(File, kind);
        }

        // Control characters that no text has.
        if (start.AsSpan().ContainsAnyInRange((byte)0x01, (byte)0x08))
            throw Errors.CsvKind(File, "a binary file");
    }

    private string[] ReadHeader()
    {
        if (!MoveToNextRow())
            return [];
        string[] columns = [.. Enumerable.Range(0, _reader.Current.ColCount).Select(column => this[column])];
        if (columns.Where(name => name.Length > 0).CountBy(name => name).FirstOrDefault(c => c.Value > 1) is { Key: { } name })
            throw Errors.CsvColumnTwice(File, Line, name);
        return columns;
    }

    private bool MoveToNextRow()
    {
        while (RefuseEndlessRow(_reader.MoveNext))
        {
            SepReader.Row row = _reader.Current;
            // Not LineNumberFrom, which is the last line where a quote in the first row is never closed.
            Line = _nextLine;
            _nextLine = row.LineNumberToExcl;
            if (row.ColCount <= 1 && row.Span.IsWhiteSpace())
                continue;
            if (row.Span.IndexOf('\0') is >= 0 and int nul)
                throw Errors.CsvNul(File, LineAt(nul));
            if (row.Span.IndexOf(NoUtf8) is >= 0 and int place)
                throw Errors.CsvEncoding(File, LineAt(place));
            CheckQuotes(row);
            return true;
        }

        return false;
    }

    private T RefuseEndlessRow<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        // A row is longer than Sep holds: the limit that keeps memory bounded.
        catch (NotSupportedException e)
        {
            throw Errors.CsvBroken(File, _nextLine, e);
        }
    }

    private int LineAt(int place) => Line + _reader.Current.Span[..place].Count('\n');

    // Sep takes any quote for the beginning or the end of a text that holds commas and lines. One that was meant as a character, or is
    // never closed, makes one field of what follows, to the next quote or the end of the file: the rows in it would be lost.
    private void CheckQuotes(SepReader.Row row)
    {
        if (!row.Span.Contains(Quote))
            return;
        int line = Line;
        for (int column = 0; column < row.ColCount; column++)
        {
            ReadOnlySpan<char> field = row[column].Span;
            if (field.Count(Quote) % 2 != 0)
                throw Errors.CsvQuote(File, line);
            if (field.Contains(Quote) && !IsQuoted(field))
                throw Errors.CsvStrayQuote(File, line);
            line += field.Count('\n');
        }
    }

    private static bool IsQuoted(ReadOnlySpan<char> field)
    {
        if (field.Length < 2 || field[0] != Quote || field[^1] != Quote)
            return false;
        for (ReadOnlySpan<char> inner = field[1..^1]; inner.IndexOf(Quote) is >= 0 and int place; inner = inner[(place + 2)..])
        {
            if (place + 1 == inner.Length || inner[place + 1] != Quote)
                return false;
        }

        return true;
    }

    private static string Unquote(ReadOnlySpan<char> field)
        => field is [Quote, .. var inner, Quote] ? inner.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : field.ToString();
}
