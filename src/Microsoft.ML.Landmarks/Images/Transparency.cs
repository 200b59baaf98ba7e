using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>What alpha does to colors; pixels are R, G, B, alpha.</summary>
internal static class Transparency
{
    /// <summary>Shows the pixels on white.</summary>
    public static void ComposeOnWhite(Span<byte> pixels)
    {
        for (; !pixels.IsEmpty; pixels = pixels[PixelRows.BytesPerPixel..])
        {
            int alpha = pixels[3];
            for (int channel = 0; channel < 3; channel++)
                pixels[channel] = (byte)((pixels[channel] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
    }

    /// <summary>
    /// Gives colors back that were multiplied by alpha, rounded; where alpha is 0 there is none to give back. Pixels are left as they are
    /// where one has a level above its alpha: then none was multiplied.
    /// </summary>
    public static void Unpremultiply(Span<byte> pixels)
    {
        if (!IsPremultiplied(pixels))
            return;
        for (; !pixels.IsEmpty; pixels = pixels[PixelRows.BytesPerPixel..])
        {
            int alpha = pixels[3];
            if (alpha is 0 or 255)
                continue;
            for (int channel = 0; channel < 3; channel++)
                pixels[channel] = (byte)((pixels[channel] * 255 + alpha / 2) / alpha);
        }
    }

    private static bool IsPremultiplied(ReadOnlySpan<byte> pixels)
    {
        for (; !pixels.IsEmpty; pixels = pixels[PixelRows.BytesPerPixel..])
        {
            if (pixels[3] < byte.MaxValue && (pixels[0] > pixels[3] || pixels[1] > pixels[3] || pixels[2] > pixels[3]))
                return false;
        }

        return true;
    }
}
