using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// Writes one transformer into a model zip: small values into its main entry, large arrays into entries of their own. The main entry
/// holds a SHA-256 of itself and of each other entry, since a zip that .NET reads is not checked against its own checksums.
/// </summary>
internal sealed class ModelWriter
{
    private readonly ModelSaveContext _context;
    private readonly BinaryWriter _values;

    private ModelWriter(ModelSaveContext context, BinaryWriter values) => (_context, _values) = (context, values);

    public static void Save(ModelSaveContext context, ModelFormat format, Action<ModelWriter> save)
    {
        ArgumentNullException.ThrowIfNull(context);
        BinaryWriter main = MLNetInternals.Begin(context, format);
        using var buffer = new MemoryStream();
        using (var values = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
            save(new ModelWriter(context, values));
        ReadOnlySpan<byte> bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        main.Write(bytes.Length);
        main.Write(SHA256.HashData(bytes));
        main.Write(bytes);
    }

    /// <summary>Writes another step as a part of this one, with the version of its own layout. Names of entries must differ from those of
    /// this step and its other parts.</summary>
    public void WritePart(ModelFormat format, Action<ModelWriter> write)
    {
        _values.Write(format.Version);
        write(this);
    }

    public void Write(bool value) => _values.Write(value);

    public void Write(int value) => _values.Write(value);

    public void Write(long value) => _values.Write(value);

    public void Write(float value) => _values.Write(value);

    public void Write(double value) => _values.Write(value);

    public void Write(string value) => _values.Write(value);

    public void WriteNullable(string? value)
    {
        _values.Write(value is not null);
        if (value is not null)
            _values.Write(value);
    }

    /// <summary>Writes an entry of its own, in one pass and without a limit of 2 GB.</summary>
    public void WriteEntry(string name, Action<Stream> write)
    {
        byte[] hash = [];
        MLNetInternals.WriteEntry(_context, name, stream =>
        {
            using var hashing = new HashingStream(stream);
            write(hashing);
            hash = hashing.GetHash();
        });
        _values.Write(hash);
    }

    public void WriteEntry<T>(string name, ReadOnlyMemory<T> values) where T : unmanaged
        => WriteEntry(name, stream => stream.WriteValues(values.Span));

    public void WriteStrings(string name, IReadOnlyCollection<string> values) => WriteEntry(name, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        foreach (string value in values)
            writer.Write(value);
    });
}
