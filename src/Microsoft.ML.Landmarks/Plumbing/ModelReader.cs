using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// Reads what <see cref="ModelWriter"/> wrote. Every entry is checked against its SHA-256, and a length is compared with the bytes that
/// are there before memory is taken for it. What a checksum vouches for is looked at all the same: whoever changes values can change that
/// too.
/// </summary>
internal sealed class ModelReader
{
    // A text of other bytes would be read as another one.
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        CheckVersion(format, versionReadable, versionWritten);
        try
        {
            int length = main.ReadInt32();
            byte[] hash = main.ReadBytes(SHA256.HashSizeInBytes);
            if (length < 0 || length > main.BaseStream.Length - main.BaseStream.Position)
                throw Errors.ModelDamaged(format.LoaderName, "it ends too early");
            byte[] bytes = main.ReadBytes(length);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
                throw Errors.ModelDamaged(format.LoaderName, "its checksum differs");
            using var values = new BinaryReader(new MemoryStream(bytes, writable: false), s_encoding);
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

    /// <summary>Reads another step that is a part of this one, as <see cref="ModelWriter.WritePart"/> wrote it.</summary>
    /// <exception cref="FormatException">The part is newer than this version.</exception>
    public T ReadPart<T>(ModelFormat format, Func<ModelReader, T> read)
    {
        uint version = _values.ReadUInt32();
        CheckVersion(format, version, version);
        return read(new ModelReader(format, version, _values, _tryReadEntry));
    }

    public bool ReadBoolean() => _values.ReadBoolean();

    /// <exception cref="FormatException">The value is outside the range.</exception>
    public int ReadInt32(string name, int minimum, int maximum = int.MaxValue)
    {
        int value = _values.ReadInt32();
        return value >= minimum && value <= maximum ? value : throw Errors.ModelDamaged(_format.LoaderName, $"{name} is {value}");
    }

    /// <inheritdoc cref="ReadInt32"/>
    public ulong ReadUInt64(string name, ulong minimum, ulong maximum)
    {
        ulong value = _values.ReadUInt64();
        return value >= minimum && value <= maximum ? value : throw Errors.ModelDamaged(_format.LoaderName, $"{name} is {value}");
    }

    /// <inheritdoc cref="ReadDouble"/>
    public float ReadSingle(string name, float minimum, float maximum = float.MaxValue)
    {
        float value = _values.ReadSingle();
        return value >= minimum && value <= maximum
            ? value : throw Errors.ModelDamaged(_format.LoaderName, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}"));
    }

    /// <exception cref="FormatException">The value is outside the range, or NaN.</exception>
    public double ReadDouble(string name, double minimum, double maximum = double.MaxValue)
    {
        double value = _values.ReadDouble();
        return value >= minimum && value <= maximum
            ? value : throw Errors.ModelDamaged(_format.LoaderName, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}"));
    }

    /// <exception cref="FormatException">The text is empty.</exception>
    public string ReadText(string name)
    {
        string text = ReadText(_values, () => Errors.ModelDamaged(_format.LoaderName, "a text can't be read"));
        return text.Length > 0 ? text : throw Errors.ModelDamaged(_format.LoaderName, $"{name} is empty");
    }

    public string ReadColumnName() => ReadText("the name of a column");

    public string? ReadOptionalColumnName() => _values.ReadBoolean() ? ReadColumnName() : null;

    /// <summary>Reads an entry; <paramref name="read"/> is given its length in bytes and must read all of it.</summary>
    /// <returns>Its SHA-256.</returns>
    /// <exception cref="FormatException">The entry is missing or damaged.</exception>
    public byte[] ReadEntry(string name, Action<Stream, long> read)
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
        return expected;
    }

    /// <summary>Reads an entry of exactly <paramref name="count"/> values.</summary>
    public T[] ReadEntry<T>(string name, int count) where T : unmanaged => ReadEntry<T>(name, count, out _);

    /// <inheritdoc cref="ReadEntry{T}(string, int)"/>
    public T[] ReadEntry<T>(string name, int count, out byte[] hash) where T : unmanaged
    {
        T[] values = [];
        hash = ReadEntry(name, (stream, length) =>
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
            using var reader = new BinaryReader(stream, s_encoding, leaveOpen: true);
            for (int i = 0; i < count; i++)
                values[i] = ReadText(reader, () => Damaged(name, "has a text that can't be read"));
        });
        return values;
    }

    /// <summary>Reads an entry of exactly <paramref name="count"/> rows of unit length, or zeros.</summary>
    public UnitRows ReadRows(string name, int count, int dimension)
    {
        var rows = new UnitRows(dimension);
        int? wrong = null;
        ReadEntry(name, (stream, length) =>
        {
            CheckLength<float>(name, length, (long)count * dimension);
            rows = UnitRows.Read(stream, count, dimension, out wrong);
        });
        // After the checksum, which tells more.
        return wrong is null ? rows : throw Damaged(name, $"has a row that is not of unit length, number {wrong}");
    }

    /// <exception cref="FormatException">The entry does not hold <paramref name="count"/> values.</exception>
    public void CheckLength<T>(string name, long length, long count) where T : unmanaged
    {
        if (length != count * Unsafe.SizeOf<T>())
            throw Damaged(name, $"has {length} bytes where {count * Unsafe.SizeOf<T>()} are expected");
    }

    /// <exception cref="FormatException">A value is not allowed.</exception>
    public void CheckValues<T>(string name, T[] values, Predicate<T> isAllowed) where T : unmanaged
    {
        int wrong = Array.FindIndex(values, value => !isAllowed(value));
        if (wrong >= 0)
            throw Damaged(name, string.Create(CultureInfo.InvariantCulture, $"has the value {values[wrong]} at {wrong}"));
    }

    public FormatException Damaged(string what) => Errors.ModelDamaged(_format.LoaderName, what);

    public FormatException Damaged(string entry, string what) => Damaged($"its entry '{entry}' {what}");

    private static void CheckVersion(ModelFormat format, uint readable, uint written)
    {
        if (readable > format.Version || written < format.OldestReadable)
            throw Errors.ModelVersion(readable, format.OldestReadable, format.Version);
    }

    // The length of a text stands before it; one that is none is told in several ways.
    private static string ReadText(BinaryReader reader, Func<FormatException> damaged)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException || (e is IOException and not EndOfStreamException))
        {
            throw damaged();
        }
    }
}
