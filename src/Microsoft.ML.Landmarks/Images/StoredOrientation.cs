using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// How a file says that its picture is to be turned: by EXIF, by EXIF as text (ImageMagick's profiles in a PNG), else by XMP, and of
/// several of a kind by the first. All kinds of files are asked here, and Skia none, which knows fewer ways.
/// </summary>
internal static partial class StoredOrientation
{
    private const int OrientationTag = 0x0112;
    private const int EndOfImage = 0xd9, StartOfScan = 0xda, App1 = 0xe1;

    // EXIF has at most 64 KB, and two digits a byte where it is text; XMP has at most 64 KB in a JPEG.
    private const int LongestText = 1 << 18;

    /// <summary>How a picture is stored: <see cref="SKEncodedOrigin.TopLeft"/> where the file says nothing that EXIF knows.</summary>
    public static SKEncodedOrigin Of(ImageKind kind, ReadOnlySpan<byte> file)
    {
        var found = default(Findings);
        switch (kind)
        {
            case ImageKind.Jpeg:
                SearchJpeg(file, ref found);
                break;
            case ImageKind.Png:
                SearchPng(file, ref found);
                break;
            case ImageKind.WebP:
                SearchWebP(file, ref found);
                break;
        }

        long value = found.Exif ?? found.ExifAsText ?? found.Xmp ?? 0;
        return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
    }

    private static void SearchJpeg(ReadOnlySpan<byte> file, ref Findings found)
    {
        ReadOnlySpan<byte> rest = file[2..];
        while (true)
        {
            // Decoders pass over what is no marker, and over the fill bytes before one.
            rest = rest[Math.Max(rest.IndexOf((byte)0xff), 0)..];
            int place = rest.IndexOfAnyExcept((byte)0xff);
            if (place < 1)
                return;
            int marker = rest[place];
            rest = rest[(place + 1)..];
            if (marker is StartOfScan or EndOfImage)
                return;
            if (marker is <= 0x01 or (>= 0xd0 and <= 0xd8) || rest.Length < 2)
                continue;
            int length = Math.Clamp((int)BinaryPrimitives.ReadUInt16BigEndian(rest), 2, rest.Length);
            if (marker == App1)
                found.AddSegment(rest[2..length]);
            rest = rest[length..];
        }
    }

    private static void SearchPng(ReadOnlySpan<byte> file, ref Findings found)
    {
        for (ReadOnlySpan<byte> rest = file[8..]; rest.Length >= 8;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            ReadOnlySpan<byte> name = rest[4..8], data = rest[8..(int)Math.Min(8L + length, rest.Length)];
            if (name.SequenceEqual("eXIf"u8))
                found.AddExif(data);
            else if (name.SequenceEqual("tEXt"u8) || name.SequenceEqual("zTXt"u8) || name.SequenceEqual("iTXt"u8))
                SearchText(name, data, ref found);
            // A checksum of 4 bytes ends each.
            rest = rest[(int)Math.Min(12L + length, rest.Length)..];
        }
    }

    private static void SearchText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ref Findings found)
    {
        int end = data.IndexOf((byte)0);
        if (end < 0)
            return;
        ReadOnlySpan<byte> keyword = data[..end];
        bool isXmp = keyword.SequenceEqual("XML:com.adobe.xmp"u8), isProfile = keyword.StartsWith("Raw profile type "u8);
        if (!isXmp && !isProfile)
            return;
        ReadOnlySpan<byte> text = TextOf(name, data[(end + 1)..]);
        if (isXmp)
            found.AddXmp(text);
        else
            found.AddProfile(text);
    }

    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name[0] == 't')
            return data;
        if (name[0] == 'z')
            return data.Length > 1 ? Inflate(data[1..]) : [];
        // International text: whether it is compressed, how, the language, the keyword in that language.
        if (data.Length < 2)
            return [];
        bool isCompressed = data[0] != 0;
        data = data[2..];
        for (int i = 0; i < 2; i++)
            data = data[(data.IndexOf((byte)0) + 1)..];
        return isCompressed ? Inflate(data) : data;
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        var compressed = new MemoryStream(data[..Math.Min(data.Length, LongestText)].ToArray());
        using var stream = new ZLibStream(compressed, CompressionMode.Decompress);
        byte[] text = new byte[LongestText];
        try
        {
            return text[..stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static void SearchWebP(ReadOnlySpan<byte> file, ref Findings found)
    {
        for (ReadOnlySpan<byte> rest = file[12..]; rest.Length >= 8;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            ReadOnlySpan<byte> name = rest[..4], data = rest[8..(int)Math.Min(8L + length, rest.Length)];
            if (name.SequenceEqual("EXIF"u8))
                found.AddExif(data);
            else if (name.SequenceEqual("XMP "u8))
                found.AddXmp(data);
            rest = rest[(int)Math.Min(8L + length + length % 2, rest.Length)..];
        }
    }

    /// <summary>What a file says, by each way; null where it says nothing.</summary>
    private ref struct Findings
    {
        public long? Exif;
        public long? ExifAsText;
        public long? Xmp;

        public void AddExif(ReadOnlySpan<byte> block) => Exif ??= OrientationOf(block);

        /// <summary>A JPEG's APP1, which holds EXIF or XMP.</summary>
        public void AddSegment(ReadOnlySpan<byte> segment)
        {
            if (segment.StartsWith(ExifHeader))
                AddExif(segment);
            else if (segment.StartsWith(XmpHeader))
                AddXmp(segment[XmpHeader.Length..]);
        }

        /// <summary>A profile as ImageMagick writes it: an empty line, its name, its length, and its bytes in hexadecimal digits.</summary>
        public void AddProfile(ReadOnlySpan<byte> text)
        {
            string[] lines = Encoding.Latin1.GetString(text[..Math.Min(text.Length, LongestText)]).Split('\n', 4);
            if (lines.Length < 4)
                return;
            string digits = string.Concat(lines[3].Where(char.IsAsciiHexDigit));
            ReadOnlySpan<byte> profile = Convert.FromHexString(digits.AsSpan(0, digits.Length & ~1));
            if (profile.StartsWith(XmpHeader))
                AddXmp(profile[XmpHeader.Length..]);
            else if (lines[1].Trim() == "xmp")
                AddXmp(profile);
            else
                ExifAsText ??= OrientationOf(profile);
        }

        public void AddXmp(ReadOnlySpan<byte> packet)
        {
            Match match = XmpOrientation().Match(Encoding.UTF8.GetString(packet[..Math.Min(packet.Length, LongestText)]));
            if (match.Success)
                Xmp ??= match.Groups[1].Length == 1 ? match.Groups[1].Value[0] - '0' : 0;
        }

        private static ReadOnlySpan<byte> ExifHeader => "Exif\0"u8;

        private static ReadOnlySpan<byte> XmpHeader => "http://ns.adobe.com/xap/1.0/\0"u8;

        // With a JPEG's header or without it; its last byte is no zero where some cameras wrote it.
        private static long? OrientationOf(ReadOnlySpan<byte> block)
        {
            if (block.StartsWith(ExifHeader))
                block = block[Math.Min(ExifHeader.Length + 1, block.Length)..];
            return new TiffDirectory(block).Value(OrientationTag);
        }
    }

    // As an attribute or as an element.
    [GeneratedRegex("""tiff:Orientation\s*(?:=\s*["']|>)\s*([0-9]+)\s*["'<]""", RegexOptions.CultureInvariant)]
    private static partial Regex XmpOrientation();
}
