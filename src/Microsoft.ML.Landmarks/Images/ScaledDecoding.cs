using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>To what sides a decoder makes a picture smaller while it decodes it, where that is <see cref="DecodeScaling.Fast"/>.</summary>
internal static class ScaledDecoding
{
    // So many pixels at least, in each direction, for one of the resized picture: what the decoder takes away is finer than what resizing
    // leaves.
    private const int Oversampling = 2;

    // A block of JPEG has eight pixels in each direction, and becomes one to eight.
    private const int Eighths = 8;

    /// <summary>The smallest sides that the decoder can give and that are at least twice those of the resized picture; the file's where
    /// there are none, or a decoder of its kind does not scale.</summary>
    /// <param name="image">The file.</param>
    /// <param name="orientation">How its rows are shown.</param>
    /// <param name="resizedSides">The sides to which a picture of other sides, as it is shown, will be resized.</param>
    public static SKSizeI SidesOf(EncodedImage image, Orientation orientation, ResizedSides resizedSides)
    {
        (int width, int height) = image.Sides;
        (long resizedWidth, long resizedHeight) = orientation.RowsAreColumns ? resizedSides(height, width) : resizedSides(width, height);
        long leastWidth = Oversampling * (orientation.RowsAreColumns ? resizedHeight : resizedWidth),
            leastHeight = Oversampling * (orientation.RowsAreColumns ? resizedWidth : resizedHeight);
        if (leastWidth <= width && leastHeight <= height)
        {
            if (image.Kind == ImageKind.Jpeg)
                return image.Codec.GetScaledDimensions((float)EighthsOf(width, height, leastWidth, leastHeight) / Eighths);
            if (image.Kind == ImageKind.WebP)
                return new SKSizeI((int)leastWidth, (int)leastHeight);
        }

        return new SKSizeI(width, height);
    }

    // Of sides that are not rounded up yet, as Pillow's draft reckons.
    private static long EighthsOf(int width, int height, long leastWidth, long leastHeight)
        => Math.Max(CeilingOf(Eighths * leastWidth, width), CeilingOf(Eighths * leastHeight, height));

    private static long CeilingOf(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
