using System.Text.Json.Serialization.Metadata;

namespace Landmarks.Demo.Reports;

/// <summary>The forms of what is told of one thing: lines, an object of JSON, or its parts as a CSV file.</summary>
/// <param name="lines">It in words.</param>
/// <param name="json">Of <see cref="ResultJson"/>.</param>
/// <param name="columns">What is told of a part.</param>
/// <param name="parts">Its parts.</param>
internal sealed class DescriptionForms<T, TPart>(IEnumerable<string> lines, JsonTypeInfo<T> json,
    IReadOnlyList<(string Name, Func<TPart, string?> Read)> columns, Func<T, IEnumerable<TPart>> parts) : IResultForms<T>
{
    public IResultWriter<T> CreateText(Action<string> writeLine) => new Text(lines, writeLine);

    public IResultWriter<T> CreateJson(Stream stream) => new JsonResultWriter<T>(stream, json);

    /// <summary>A row for each part.</summary>
    /// <inheritdoc cref="IResultForms{T}.CreateCsv"/>
    public IResultWriter<T> CreateCsv(Stream stream) => new Parts(new CsvResultWriter<TPart>(stream, columns), parts);

    private sealed class Text(IEnumerable<string> lines, Action<string> writeLine) : IResultWriter<T>
    {
        public void Write(T result)
        {
            foreach (string line in lines)
                writeLine(line);
        }
    }

    private sealed class Parts(CsvResultWriter<TPart> rows, Func<T, IEnumerable<TPart>> parts) : IResultWriter<T>, IDisposable
    {
        public void Write(T result)
        {
            foreach (TPart part in parts(result))
                rows.Write(part);
        }

        public void Dispose() => rows.Dispose();
    }
}
