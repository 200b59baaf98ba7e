using System.Text;
using nietras.SeparatedValues;

namespace Landmarks.Demo.Reports;

/// <summary>Writes results as a CSV file in UTF-8, with nothing for what there is none of.</summary>
internal sealed class CsvResultWriter<T> : IResultWriter<T>, IDisposable
{
    // A row is handed on as one.
    private const int LongestRow = 1 << 16;

    private readonly StreamWriter _text;
    private readonly SepWriter _writer;
    private readonly IReadOnlyList<(string Name, Func<T, string?> Read)> _columns;

    /// <param name="stream">Left open.</param>
    /// <param name="columns">The columns, and what stands in each.</param>
    public CsvResultWriter(Stream stream, IReadOnlyList<(string Name, Func<T, string?> Read)> columns)
    {
        _columns = columns;
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), LongestRow, leaveOpen: true)
        {
            NewLine = "\n",
        };
        _writer = Sep.New(',').Writer(options => options with { Escape = true }).To(_text);
        _writer.Header.Add([.. columns.Select(column => column.Name)]);
    }

    public void Write(T result)
    {
        using (SepWriter.Row row = _writer.NewRow())
        {
            foreach ((string name, Func<T, string?> read) in _columns)
                row[name].Set(read(result));
        }

        _writer.Flush();
        _text.Flush();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _text.Dispose();
    }
}
