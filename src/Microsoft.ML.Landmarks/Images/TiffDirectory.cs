using System.Buffers.Binary;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// A directory of a TIFF file, which EXIF is too: the first one, or one that it points to. Whatever the bytes are, it takes one look at
/// each entry: nothing is thrown, and what is cut off or points nowhere is not there.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private const int EntryLength = 12;

    private readonly ReadOnlySpan<byte> _file;
    private readonly ReadOnlySpan<byte> _entries;
    private readonly bool _isBigEndian;

    /// <param name="file">The file from its 'II' or 'MM' on; places in it are counted from there.</param>
    public TiffDirectory(ReadOnlySpan<byte> file)
    {
        // What follows is 42, or another number of an old camera's choice.
        if (file.Length < 8 || file is not ([(byte)'I', (byte)'I', ..] or [(byte)'M', (byte)'M', ..]))
            return;
        _file = file;
        _isBigEndian = file[0] == 'M';
        _entries = EntriesAt(UInt32(file[4..]));
    }

    private TiffDirectory(TiffDirectory first, long place)
    {
        _file = first._file;
        _isBigEndian = first._isBigEndian;
        _entries = EntriesAt(place);
    }

    public bool Has(int tag) => !Find(tag).IsEmpty;

    /// <summary>The first directory to which a tag points.</summary>
    /// <param name="tag">The tag, whose values are places.</param>
    /// <param name="index">Which of them.</param>
    public TiffDirectory Directory(int tag, int index) => new(this, Value(tag, index) ?? long.MaxValue);

    /// <summary>How many values a tag has; 0 where it is not there.</summary>
    public long Count(int tag) => Find(tag) is { IsEmpty: false } entry ? UInt32(entry[4..]) : 0;

    /// <summary>A value of a tag as a whole number; 0 where it is there and no number. Null where the tag is not there.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="index">Which of several.</param>
    public long? Value(int tag, int index = 0)
    {
        ReadOnlySpan<byte> entry = Find(tag);
        if (entry.IsEmpty)
            return null;
        int kind = UInt16(entry[2..]);
        int size = kind switch { 1 or 2 or 6 or 7 => 1, 3 or 8 => 2, 4 or 9 => 4, 5 or 10 => 8, _ => 0 };
        long length = size * (long)UInt32(entry[4..]), start = size * (long)index;
        if (start >= length)
            return 0;
        ReadOnlySpan<byte> value = entry[8..];
        // What does not fit there stands elsewhere.
        if (length > 4)
            value = UInt32(value) + start is long place && place <= _file.Length - size ? _file[(int)place..] : [];
        else
            value = value[(int)start..];
        if (value.IsEmpty)
            return 0;
        return kind switch
        {
            2 => value[0] is >= (byte)'0' and <= (byte)'9' ? value[0] - '0' : 0,
            1 or 6 or 7 => value[0],
            3 or 8 => UInt16(value),
            4 or 9 => UInt32(value),
            _ => UInt32(value[4..]) is uint below and > 0 && UInt32(value) % below == 0 ? UInt32(value) / below : 0,
        };
    }

    private ReadOnlySpan<byte> EntriesAt(long place)
    {
        if (place > _file.Length - 2)
            return [];
        ReadOnlySpan<byte> rest = _file[((int)place + 2)..];
        return rest[..(Math.Min(UInt16(_file[(int)place..]), rest.Length / EntryLength) * EntryLength)];
    }

    // The first of several, as exiftool and libexif take it.
    private ReadOnlySpan<byte> Find(int tag)
    {
        for (ReadOnlySpan<byte> rest = _entries; !rest.IsEmpty; rest = rest[EntryLength..])
        {
            if (UInt16(rest) == tag)
                return rest[..EntryLength];
        }

        return [];
    }

    private ushort UInt16(ReadOnlySpan<byte> bytes)
        => _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint UInt32(ReadOnlySpan<byte> bytes)
        => _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
