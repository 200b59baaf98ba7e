using System.Text;

namespace Microsoft.ML.Landmarks;

/// <summary>Knows kinds of files that are met among photographs and can't be decoded, to call them by their name.</summary>
internal static class ImageKind
{
    private const int LongestSearch = 1024;

    private static readonly string[] s_heicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];
    private static readonly string[] s_avifBrands = ["avif", "avis"];

    /// <summary>What a file is that can't be decoded; null where it may be an image that can be.</summary>
    /// <param name="file">The file, or its beginning.</param>
    public static string? UnsupportedKindOf(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> start = file[..Math.Min(file.Length, LongestSearch)];
        if (start.Length >= 12 && start[4..8].SequenceEqual("ftyp"u8))
            return BrandOf(start);
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8))
            return "TIFF";
        if (start is [0xff, 0x0a, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..])
            return "JPEG XL";
        if (start is [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..])
            return "JPEG 2000";
        if (start.StartsWith("%PDF"u8))
            return "PDF";
        if (start.StartsWith("8BPS"u8))
            return "Photoshop";
        return IsSvg(start) ? "SVG" : null;
    }

    // The brand and those that it is compatible with stand in the first box (ISO/IEC 14496-12, 4.3); the more special one says what it is.
    private static string? BrandOf(ReadOnlySpan<byte> start)
    {
        int length = (int)Math.Min((uint)start.Length, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(start));
        List<string> brands = [Encoding.Latin1.GetString(start[8..12])];
        for (int place = 16; place + 4 <= length; place += 4)
            brands.Add(Encoding.Latin1.GetString(start.Slice(place, 4)));
        return brands.Any(s_avifBrands.Contains) ? "AVIF" : brands.Any(s_heicBrands.Contains) ? "HEIC" : null;
    }

    private static bool IsSvg(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        return text.StartsWith('<') && text.Contains("<svg", StringComparison.OrdinalIgnoreCase);
    }
}
