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

    /// <summary>The noise of a number, as Golden/resampling/make_resampling.py makes it.</summary>
    public static PixelImage Noise(int width, int height, int number)
    {
        var image = new PixelImage(width, height, new BufferPool());
        for (int i = 0; i < width * height * 3; i++)
            image.Pixels[i / 3 * PixelRows.BytesPerPixel + i % 3] = Mix((uint)i + ((uint)number << 20));
        return image;
    }

    /// <summary>The wanted part of a resized image as other programs hold it: [height, width, 3].</summary>
    public static byte[] Resample(PixelImage image, ResizedCrop crop, ImageResampling resampling, Resampler.Kernel kernel)
    {
        using Resampler resampler = Resampler.Create(image, crop, resampling, kernel);
        var levels = new byte[crop.Width * crop.Height * 3];
        for (int row = 0; row < image.Height; row++)
        {
            resampler.Read(image.Row(row));
            while (resampler.TryNext(out int line, out ReadOnlySpan<byte> read))
            {
                int length = read.Length / 3;
                for (int i = 0; i < read.Length; i++)
                {
                    (int x, int y) = resampler.GivesColumns ? (line, i % length) : (i % length, line);
                    levels[(y * crop.Width + x) * 3 + i / length] = read[i];
                }
            }
        }

        return levels;
    }

    public static PixelImage Random(int width, int height, int seed)
    {
        var image = new PixelImage(width, height, new BufferPool());
        new System.Random(seed).NextBytes(image.Pixels);
        return image;
    }

    private static byte Mix(uint x)
    {
        x = (x ^ x >> 16) * 0x7FEB352D;
        x = (x ^ x >> 15) * 0x846CA68B;
        return (byte)x;
    }
}
