using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Reads what <see cref="ModelWriter"/> wrote. Every entry is checked against its SHA-256, and a length is compared with the bytes that
/// are there before memory is taken for it.
/// </summary>
internal sealed class ModelReader
{
    private readonly ModelFormat _format;
    private readonly BinaryReader _values;
    private readonly Func<string, Action<Stream, long>, bool> _tryReadEntry;

    private ModelReader(ModelFormat format, uint version, BinaryReader values, Func<string, Action<Stream, long>, bool> tryReadEntry)
        => (_format, Version, _values, _tryReadEntry) = (format, version, values, tryReadEntry);

    /// <summary>The layout in which the model was written.</summary>
    public uint Version { get; }

    /// <exception cref="FormatException">The model is newer than this version, or damaged.</exception>
    public static T Load<T>(ModelFormat format, uint versionReadable, uint versionWritten, BinaryReader main,
        Func<string, Action<Stream, long>, bool> tryReadEntry, Func<ModelReader, T> load)
    {
        if (versionReadable > format.Version || versionWritten < format.OldestReadable)
            throw Errors.ModelVersion(versionReadable, format.OldestReadable, format.Version);
        try
        {
            int length = main.ReadInt32();
            byte[] hash = main.ReadBytes(SHA256.HashSizeInBytes);
            if (length < 0 || length > main.BaseStream.Length - main.BaseStream.Position)
                throw Errors.ModelDamaged(format.LoaderName, "it ends too early");
            byte[] bytes = main.ReadBytes(length);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
                throw Errors.ModelDamaged(format.LoaderName, "its checksum differs");
            using var values = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
            return load(new ModelReader(format, versionWritten, values, tryReadEntry));
        }
        catch (EndOfStreamException e)
        {
            throw Errors.ModelDamaged(format.LoaderName, "it ends too early", e);
        }
        catch (InvalidDataException e)
        {
            throw Errors.ModelDamaged(format.LoaderName, e.Message, e);
        }
    }

    public bool ReadBoolean() => _values.ReadBoolean();

    /// <exception cref="FormatException">The value is outside the range.</exception>
    public int ReadInt32(string name, int minimum, int maximum = int.MaxValue)
    {
        int value = _values.ReadInt32();
        return value >= minimum && value <= maximum ? value : throw Errors.ModelDamaged(_format.LoaderName, $"{name} is {value}");
    }

    public long ReadInt64() => _values.ReadInt64();

    public float ReadSingle() => _values.ReadSingle();

    /// <exception cref="FormatException">The value is outside the range, or NaN.</exception>
    public double ReadDouble(string name, double minimum, double maximum = double.MaxValue)
    {
        double value = _values.ReadDouble();
        return value >= minimum && value <= maximum ? value : throw Errors.ModelDamaged(_format.LoaderName, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}"));
    }

    public string ReadString() => _values.ReadString();

    public string? ReadNullableString() => _values.ReadBoolean() ? _values.ReadString() : null;

    /// <summary>Reads an entry; <paramref name="read"/> is given its length in bytes and must read all of it.</summary>
    /// <exception cref="FormatException">The entry is missing or damaged.</exception>
    public void ReadEntry(string name, Action<Stream, long> read)
    {
        byte[] expected = _values.ReadBytes(SHA256.HashSizeInBytes);
        bool found = _tryReadEntry(name, (stream, length) =>
        {
            using var hashing = new HashingStream(stream);
            read(hashing, length);
            if (hashing.ReadByte() >= 0)
                throw Damaged(name, "is too long");
            if (!hashing.GetHash().AsSpan().SequenceEqual(expected))
                throw Damaged(name, "has another checksum");
        });
        if (!found)
            throw Damaged(name, "is missing");
    }

    /// <summary>Reads an entry of exactly <paramref name="count"/> values.</summary>
    public T[] ReadEntry<T>(string name, int count) where T : unmanaged
    {
        T[] values = [];
        ReadEntry(name, (stream, length) =>
        {
            CheckLength<T>(name, length, count);
            values = GC.AllocateUninitializedArray<T>(count);
            stream.ReadValues(values.AsSpan());
        });
        return values;
    }

    /// <summary>Reads an entry of exactly <paramref name="count"/> texts.</summary>
    public string[] ReadStrings(string name, int count)
    {
        string[] values = [];
        ReadEntry(name, (stream, length) =>
        {
            // Each takes at least the byte of its length.
            if (count > length)
                throw Damaged(name, $"has {length} bytes for {count} texts");
            values = new string[count];
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            for (int i = 0; i < count; i++)
                values[i] = reader.ReadString();
        });
        return values;
    }

    /// <exception cref="FormatException">The entry does not hold <paramref name="count"/> values.</exception>
    public void CheckLength<T>(string name, long length, long count) where T : unmanaged
    {
        if (length != count * Unsafe.SizeOf<T>())
            throw Damaged(name, $"has {length} bytes where {count * Unsafe.SizeOf<T>()} are expected");
    }

    public FormatException Damaged(string entry, string what) => Errors.ModelDamaged(_format.LoaderName, $"its entry '{entry}' {what}");
}
