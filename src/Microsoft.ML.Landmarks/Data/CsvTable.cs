namespace Microsoft.ML.Landmarks.Data;

/// <summary>A CSV file, which may be read several times. What comes through a pipe comes once, and is held for the next time.</summary>
internal sealed class CsvTable(string file)
{
    private readonly Lock _lock = new();
    private byte[]? _held;

    public string File => file;

    /// <summary>Begins to read the file from its start.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no CSV file in UTF-8, or its header has a column twice.</exception>
    public CsvReader Open() => new(file, OpenStream());

    private Stream OpenStream()
    {
        lock (_lock)
        {
            if (_held is not null)
                return new MemoryStream(_held, writable: false);
            if (!System.IO.File.Exists(file))
                throw Errors.CsvMissing(file);
            FileStream stream = System.IO.File.OpenRead(file);
            if (stream.CanSeek)
                return stream;
            using (stream)
            {
                var held = new MemoryStream();
                stream.CopyTo(held);
                _held = held.ToArray();
            }

            return new MemoryStream(_held, writable: false);
        }
    }
}
