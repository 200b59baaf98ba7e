using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The kinds of files that are read. Every other is refused, whatever its name ends with and a decoder would make of it.</summary>
internal enum ImageKind
{
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Heic,
    Avif,
    Tiff,
    JpegXl,
    Jpeg2000,
}

internal static class ImageKinds
{
    /// <summary>How many bytes <see cref="Of"/> needs, unless it shall know cameras' raw files from other TIFF: for these the whole
    /// file.</summary>
    public const int SignatureLength = 256;

    private const int BigTiff = 43;

    private static readonly string[] s_heicBrands =
        ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "heif", "mif1", "msf1"];
    private static readonly string[] s_avifBrands = ["avif", "avis"];

    /// <summary>The kind that a file's first bytes promise; null where it is none of those that are read.</summary>
    public static ImageKind? Of(ReadOnlySpan<byte> file) => file switch
    {
        [0xff, 0xd8, 0xff, ..] => ImageKind.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => ImageKind.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageKind.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageKind.Gif,
        [(byte)'B', (byte)'M', ..] => ImageKind.Bmp,
        [0xff, 0x0a, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 0x0d, 0x0a, 0x87, 0x0a, ..] => ImageKind.JpegXl,
        [0xff, 0x4f, 0xff, 0x51, ..] or [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 0x0d, 0x0a, 0x87, 0x0a, ..]
            => ImageKind.Jpeg2000,
        [(byte)'I', (byte)'I', 42 or BigTiff, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or BigTiff, ..]
            => CameraFile.Of(file) is null ? ImageKind.Tiff : null,
        _ => OfBrands(BrandsOf(file)),
    };

    /// <summary>What a kind is called.</summary>
    public static string NameOf(ImageKind kind) => kind switch
    {
        ImageKind.WebP => "WebP",
        ImageKind.JpegXl => "JPEG XL",
        ImageKind.Jpeg2000 => "JPEG 2000",
        _ => kind.ToString().ToUpperInvariant(),
    };

    /// <summary>The brand of a file of boxes, and those that it is compatible with, which stand in the first box (ISO/IEC 14496-12, 4.3);
    /// none where it is another file.</summary>
    public static IReadOnlyList<string> BrandsOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[4..8].SequenceEqual("ftyp"u8))
            return [];
        int length = (int)Math.Min((uint)Math.Min(file.Length, SignatureLength), BinaryPrimitives.ReadUInt32BigEndian(file));
        List<string> brands = [Encoding.Latin1.GetString(file[8..12])];
        for (int place = 16; place + 4 <= length; place += 4)
            brands.Add(Encoding.Latin1.GetString(file.Slice(place, 4)));
        return brands;
    }

    // The more special one says what it is.
    private static ImageKind? OfBrands(IReadOnlyList<string> brands) => brands switch
    {
        _ when brands.Any(s_avifBrands.Contains) => ImageKind.Avif,
        _ when brands.Any(s_heicBrands.Contains) => ImageKind.Heic,
        _ => null,
    };
}
