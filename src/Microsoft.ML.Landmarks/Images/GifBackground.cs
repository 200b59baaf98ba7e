using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// The color where a GIF's first frame shows nothing: what its palette has for transparent pixels, and the same beside a frame that is
/// smaller than the picture. Without a transparent color the picture beside the frame has the palette's first one. So does Pillow; Skia
/// leaves black.
/// </summary>
internal readonly struct GifBackground
{
    private const int ScreenLength = 13, ScreenFlags = 10, FrameFlags = 8;
    private const byte Extension = (byte)'!', Frame = (byte)',', GraphicControl = 0xf9, HasPalette = 0x80;

    private readonly byte _red, _green, _blue;
    private readonly byte _alpha = byte.MaxValue;

    /// <param name="file">A GIF.</param>
    public GifBackground(ReadOnlySpan<byte> file)
    {
        int place = ScreenLength, transparent = -1;
        ReadOnlySpan<byte> palette = PaletteOf(file, ScreenFlags, place);
        place += palette.Length;
        for (; place < file.Length && file[place] != Frame; place++)
        {
            if (file[place] == Extension)
                place = EndOfExtension(file, place + 1, ref transparent);
        }

        place++;
        ReadOnlySpan<byte> local = PaletteOf(file, place + FrameFlags, place + FrameFlags + 1);
        if (!local.IsEmpty)
            palette = local;
        if (transparent >= 0)
            _alpha = 0;
        int color = Math.Max(transparent, 0) * 3;
        if (color + 3 <= palette.Length)
            (_red, _green, _blue) = (palette[color], palette[color + 1], palette[color + 2]);
    }

    /// <summary>Gives the pixels that show nothing, of alpha 0, the color of the file.</summary>
    public void Fill(Span<byte> pixels)
    {
        for (; !pixels.IsEmpty; pixels = pixels[PixelRows.BytesPerPixel..])
        {
            if (pixels[3] == 0)
                (pixels[0], pixels[1], pixels[2], pixels[3]) = (_red, _green, _blue, _alpha);
        }
    }

    // The place of the empty block at the end of an extension. The last one before the frame that names a transparent color counts.
    private static int EndOfExtension(ReadOnlySpan<byte> file, int place, ref int transparent)
    {
        bool isControl = place < file.Length && file[place] == GraphicControl;
        for (place++; place < file.Length && file[place] > 0; place += file[place] + 1)
        {
            if (isControl && file[place] >= 4 && place + 4 < file.Length && (file[place + 1] & 1) != 0)
                transparent = file[place + 4];
        }

        return place;
    }

    private static ReadOnlySpan<byte> PaletteOf(ReadOnlySpan<byte> file, int flags, int place)
    {
        if (flags >= file.Length || (file[flags] & HasPalette) == 0)
            return [];
        int end = Math.Min(place + (6 << (file[flags] & 7)), file.Length);
        return file[Math.Min(place, end)..end];
    }
}
