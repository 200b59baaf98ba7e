namespace Microsoft.ML.Landmarks.Images;

/// <summary>The kinds of files that are read. Every other is refused, whatever its name ends with and Skia would make of it.</summary>
internal enum ImageKind
{
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
}

internal static class ImageKinds
{
    /// <summary>How many bytes <see cref="Of"/> needs.</summary>
    public const int SignatureLength = 12;

    /// <summary>The kind that a file's first bytes promise; null where it is none of those that are read.</summary>
    public static ImageKind? Of(ReadOnlySpan<byte> start) => start switch
    {
        [0xff, 0xd8, 0xff, ..] => ImageKind.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => ImageKind.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageKind.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageKind.Gif,
        [(byte)'B', (byte)'M', ..] => ImageKind.Bmp,
        _ => null,
    };
}
