using System.Buffers.Binary;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// What a JPEG 2000 promises. Its decoder takes 12 KB for each tile before it looks for one: a file of a few bytes could ask for 800 MB.
/// </summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Tiles">How many tiles there are; 0 where it has none of these numbers.</param>
internal readonly record struct Jpeg2000Header(long Width, long Height, long Tiles)
{
    // Smaller than those of any program; with them a tile takes 12 bytes a pixel, as decoding does.
    private const int LeastPixelsOfTile = 32 * 32;

    // Of a picture that is smaller than one.
    private const int FewTiles = 64;

    public bool HasTooManyTiles => Tiles > Math.Max(FewTiles, Width * Height / LeastPixelsOfTile);

    /// <summary>Reads the sides and places of the picture and the tiles, which stand behind the second marker (ISO/IEC 15444-1,
    /// A.5.1).</summary>
    /// <param name="file">A JPEG 2000.</param>
    public static Jpeg2000Header Of(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> stream = Codestream(file);
        if (stream.Length < 40 || !stream.StartsWith((ReadOnlySpan<byte>)[0xff, 0x4f, 0xff, 0x51]))
            return default;
        uint right = UInt32(stream, 8), bottom = UInt32(stream, 12), left = UInt32(stream, 16), top = UInt32(stream, 20);
        return new(Math.Max(0L, (long)right - left), Math.Max(0L, (long)bottom - top),
            CountTiles(UInt32(stream, 32), right, UInt32(stream, 24)) * CountTiles(UInt32(stream, 36), bottom, UInt32(stream, 28)));
    }

    private static long CountTiles(uint start, uint end, uint side)
        => side == 0 || end <= start ? 0 : ((long)end - start + side - 1) / side;

    private static uint UInt32(ReadOnlySpan<byte> stream, int place) => BinaryPrimitives.ReadUInt32BigEndian(stream[place..]);

    // In a file of boxes it is the content of one.
    private static ReadOnlySpan<byte> Codestream(ReadOnlySpan<byte> file)
    {
        if (file[0] != 0)
            return file;
        while (file.Length > 8)
        {
            ulong length = BinaryPrimitives.ReadUInt32BigEndian(file);
            bool isLong = length == 1 && file.Length > 16;
            if (file[4..8].SequenceEqual("jp2c"u8))
                return file[(isLong ? 16 : 8)..];
            if (isLong)
                length = BinaryPrimitives.ReadUInt64BigEndian(file[8..]);
            if (length < 8 || length > (ulong)file.Length)
                return [];
            file = file[(int)length..];
        }

        return [];
    }
}
