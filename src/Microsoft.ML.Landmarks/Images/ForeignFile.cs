using System.Text;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>A kind of file that is met among photographs and is not read.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Group">What can be done with it.</param>
internal sealed record ForeignFile(string Name, ForeignFile.Groups Group)
{
    /// <summary>What a file is, as far as its way out goes.</summary>
    internal enum Groups
    {
        Picture,
        Video,
        Archive,
        Download,
        GitLfsPointer,
        AppleDouble,
    }

    private const int LongestSearch = 4096;

    // What a file begins with, in Latin-1; '?' is any byte. Where one pattern is the beginning of another, the longer one stands first.
    private static readonly (string Start, ForeignFile File)[] s_starts =
    [
        .. Files(Groups.Picture,
            ("IIU\0", "RW2"), ("IIRO", "ORF"), ("IIRS", "ORF"), ("MMOR", "ORF"), ("FUJIFILMCCD-RAW", "RAF"), ("FOVb", "X3F"),
            ("\0MRM", "MRW"), ("II\u00bc", "JPEG XR"), ("\0\0\u0001\0", "ICO"), ("\0\0\u0002\0", "CUR"), ("icns", "ICNS"),
            ("8BPS", "Photoshop"), ("%PDF", "PDF"), ("%!PS", "PostScript"), ("\u00c5\u00d0\u00d3\u00c6", "EPS"), ("gimp xcf", "XCF"),
            ("AT&TFORM", "DjVu"), ("BPG\u00fb", "BPG"), ("FLIF", "FLIF"), ("qoif", "QOI"), ("v/1\u0001", "OpenEXR"),
            ("#?RADIANCE", "Radiance HDR"), ("#?RGBE", "Radiance HDR"), ("DDS ", "DDS"), ("\u00abKTX 11\u00bb", "KTX"),
            ("\u00abKTX 20\u00bb", "KTX"), ("\u0013\u00ab\u00a1\u005c", "ASTC"), ("PKM ", "PKM"), ("PVR\u0003", "PVR"), ("P7\n", "PAM"),
            ("PF\n", "PFM"), ("Pf\n", "PFM"), ("\u0059\u00a6\u006a\u0095", "Sun raster"), ("\u0001\u00da", "SGI"), ("SIMPLE  =", "FITS"),
            ("\u008aMNG", "MNG"), ("\u008bJNG", "JNG"), ("\u00d7\u00cd\u00c6\u009a", "WMF"), ("RIFF????ACON", "ANI")),
        .. Files(Groups.Video,
            ("RIFF????AVI ", "AVI"), ("\u001aE\u00df\u00a3", "Matroska or WebM"), ("\0\0\u0001\u00ba", "MPEG"),
            ("\0\0\u0001\u00b3", "MPEG"), ("????moov", "QuickTime"), ("????mdat", "QuickTime"), ("\0???wide", "QuickTime"),
            ("\0???free", "QuickTime"), ("\0???skip", "QuickTime"), ("\0???pnot", "QuickTime"), ("FLV\u0001", "Flash video"),
            ("OggS", "Ogg"), ("\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011", "WMV")),
        .. Files(Groups.Archive,
            ("PK\u0003\u0004", "ZIP"), ("PK\u0005\u0006", "ZIP"), ("\u001f\u008b", "gzip"), ("7z\u00bc\u00af\u0027\u001c", "7z"),
            ("Rar!\u001a\u0007", "RAR"), ("BZh", "bzip2"), ("\u00fd7zXZ\0", "xz"), ("\u0028\u00b5\u002f\u00fd", "Zstandard")),
        .. Files(Groups.AppleDouble, ("\0\u0005\u0016\u0007", "AppleDouble, what macOS keeps beside a file,")),
        .. Files(Groups.GitLfsPointer, ("version https://git-lfs.github.com/spec/", "a Git LFS pointer in place of the file")),
    ];

    /// <summary>What a file is that is not read; null where that is not known.</summary>
    public static ForeignFile? Of(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> start = file[..Math.Min(file.Length, LongestSearch)];
        foreach ((string pattern, ForeignFile foreign) in s_starts)
        {
            if (Matches(start, pattern))
                return foreign;
        }

        return start switch
        {
            _ when ImageKinds.BrandsOf(start) is { Count: > 0 } brands => OfBrands(brands),
            _ when CameraFile.Of(file) is { } name => new(name, Groups.Picture),
            _ when IsTransportStream(start) => new("MPEG", Groups.Video),
            _ when IsNetpbm(start) => new("Netpbm", Groups.Picture),
            _ when start.Length > 262 && start[257..262].SequenceEqual("ustar"u8) => new("tar", Groups.Archive),
            _ when file.EndsWith("TRUEVISION-XFILE.\0"u8) => new("TGA", Groups.Picture),
            _ when IsWirelessBitmap(file) => new("WBMP", Groups.Picture),
            _ => OfText(start),
        };
    }

    private static IEnumerable<(string Start, ForeignFile File)> Files(Groups group, params (string Start, string Name)[] starts)
        => starts.Select(s => (s.Start, new ForeignFile(s.Name, group)));

    private static bool Matches(ReadOnlySpan<byte> start, string pattern)
    {
        if (start.Length < pattern.Length)
            return false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '?' && pattern[i] != start[i])
                return false;
        }

        return true;
    }

    private static ForeignFile OfBrands(IReadOnlyList<string> brands) => brands switch
    {
        _ when brands.Contains("crx ") => new("CR3", Groups.Picture),
        ["qt  ", ..] => new("QuickTime", Groups.Video),
        [['3', 'g', ..], ..] => new("3GP", Groups.Video),
        _ => new("MP4", Groups.Video),
    };

    // Packets of 188 bytes, each of which begins with 'G'; a camera's .mts has a time of 4 bytes before each.
    private static bool IsTransportStream(ReadOnlySpan<byte> start)
        => start.Length > 388 && ((start[0], start[188], start[376]) is ((byte)'G', (byte)'G', (byte)'G')
            || (start[4], start[196], start[388]) is ((byte)'G', (byte)'G', (byte)'G'));

    private static bool IsNetpbm(ReadOnlySpan<byte> start)
        => start is [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', ..];

    // It has no signature: two zeros, both sides in groups of 7 bits, and one bit a pixel. What has another length is something else.
    private static bool IsWirelessBitmap(ReadOnlySpan<byte> file)
    {
        int place = 2;
        return file is [0, 0, ..] && TryReadSide(file, ref place, out long width) && TryReadSide(file, ref place, out long height)
            && (width + 7) / 8 * height == file.Length - place;
    }

    private static bool TryReadSide(ReadOnlySpan<byte> file, ref int place, out long side)
    {
        side = 0;
        while (place < file.Length && side < 1 << 16)
        {
            byte next = file[place++];
            side = side << 7 | (uint)(next & 0x7f);
            if (next < 0x80)
                return side > 0;
        }

        return false;
    }

    private static ForeignFile? OfText(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        bool Begins(string part) => text.StartsWith(part, StringComparison.OrdinalIgnoreCase);
        return text switch
        {
            ['<', ..] when Has("<svg") => new("SVG", Groups.Picture),
            ['<', ..] when Begins("<!doctype html") || Has("<html") || Has("<head") || Has("<body")
                => new("a web page (HTML)", Groups.Download),
            ['<', ..] when Begins("<?xml") || Has("</") => new("XML", Groups.Download),
            ['{' or '[', ..] when text[1..].TrimStart() is ['"' or '{' or '}' or '[' or ']', ..]
                => new("JSON", Groups.Download),
            _ => null,
        };
    }
}
