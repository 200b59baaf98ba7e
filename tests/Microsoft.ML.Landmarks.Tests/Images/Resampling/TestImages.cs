using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images.Resampling;

/// <summary>Decoded images to resize.</summary>
internal static class TestImages
{
    /// <summary>An image as it stands in the file that is shown as <paramref name="turned"/>.</summary>
    public static PixelImage Stored(PixelImage turned, Orientation orientation)
    {
        (int width, int height) = orientation.RowsAreColumns ? (turned.Height, turned.Width) : (turned.Width, turned.Height);
        var stored = new PixelImage(width, height, new BufferPool()) { Orientation = orientation };
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int line = orientation.RowsReversed ? height - 1 - y : y, place = orientation.PixelsReversed ? width - 1 - x : x;
                (int shownX, int shownY) = orientation.RowsAreColumns ? (line, place) : (place, line);
                turned.Pixels.Slice((shownY * turned.Width + shownX) * 4, 4).CopyTo(stored.Pixels[((y * width + x) * 4)..]);
            }
        }

        return stored;
    }

    public static PixelImage Random(int width, int height, int seed)
    {
        var image = new PixelImage(width, height, new BufferPool());
        new System.Random(seed).NextBytes(image.Pixels);
        return image;
    }
}
