using System.Buffers;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Resizes 8-bit images as OpenCV's <c>resize(…, INTER_CUBIC)</c> does, level for level: a = -0.75, no smoothing when shrinking, the
/// border repeated; weights of 11 bits, rows summed in integers, columns in single precision (modules/imgproc/src/resize.cpp, x86 without IPP).
/// </summary>
internal static class CubicResampler
{
    private const int Taps = 4;
    private const int Channels = 3;
    private const int WeightBits = 11;
    private const int WeightOne = 1 << WeightBits;

    // OpenCV sums columns in vectors of 8 levels; the levels that are left over at the end of a row are summed in integers.
    private const int LevelsPerVector = 8;

    /// <summary>Resizes an image and keeps the middle square.</summary>
    /// <param name="image">The image.</param>
    /// <param name="crop">The resized sides and the square.</param>
    /// <param name="rgb">Levels [size, size, 3], overwritten.</param>
    public static void Resize(PixelImage image, CenterCrop crop, Span<byte> rgb)
    {
        if (crop.ResizedWidth == image.Width && crop.ResizedHeight == image.Height)
            Copy(image, crop, rgb);
        else
            Resample(image, crop, rgb);
    }

    private static void Copy(PixelImage image, CenterCrop crop, Span<byte> rgb)
    {
        for (int y = 0; y < crop.Size; y++)
        {
            ReadOnlySpan<byte> pixels = image.Pixels.Slice((((int)crop.Top + y) * image.Width + (int)crop.Left) * PixelImage.BytesPerPixel, crop.Size * PixelImage.BytesPerPixel);
            for (int x = 0; x < crop.Size; x++)
                pixels.Slice(x * PixelImage.BytesPerPixel, Channels).CopyTo(rgb[((y * crop.Size + x) * Channels)..]);
        }
    }

    private static void Resample(PixelImage image, CenterCrop crop, Span<byte> rgb)
    {
        Taps1D[] columns = GetTaps(crop.Left, crop.Size, crop.ResizedWidth, image.Width);
        Taps1D[] rows = GetTaps(crop.Top, crop.Size, crop.ResizedHeight, image.Height);
        int length = crop.Size * Channels;
        int vectorised = (int)Math.Clamp(crop.ResizedWidth * Channels / LevelsPerVector * LevelsPerVector - crop.Left * Channels, 0, length);
        // The last four source rows, resized in width; source row y is kept in line y % 4.
        int[] lines = ArrayPool<int>.Shared.Rent(Taps * length);
        Span<int> kept = [-1, -1, -1, -1];
        for (int y = 0; y < crop.Size; y++)
        {
            Taps1D row = rows[y];
            for (int tap = 0; tap < Taps; tap++)
            {
                int source = row.Source(tap, image.Height);
                int line = source % Taps;
                if (kept[line] == source)
                    continue;
                kept[line] = source;
                ResizeRow(image.Pixels.Slice(source * image.Width * PixelImage.BytesPerPixel, image.Width * PixelImage.BytesPerPixel), columns, lines.AsSpan(line * length, length));
            }

            Span<byte> target = rgb.Slice(y * length, length);
            CombineRows(Line(0), Line(1), Line(2), Line(3), row, target, vectorised);
            ReadOnlySpan<int> Line(int tap) => lines.AsSpan(row.Source(tap, image.Height) % Taps * length, length);
        }

        ArrayPool<int>.Shared.Return(lines);
    }

    private static void ResizeRow(ReadOnlySpan<byte> pixels, Taps1D[] columns, Span<int> line)
    {
        int width = pixels.Length / PixelImage.BytesPerPixel;
        for (int x = 0; x < columns.Length; x++)
        {
            Taps1D column = columns[x];
            ReadOnlySpan<byte> p0 = Pixel(0, pixels), p1 = Pixel(1, pixels), p2 = Pixel(2, pixels), p3 = Pixel(3, pixels);
            Span<int> sums = line.Slice(x * Channels, Channels);
            for (int c = 0; c < Channels; c++)
                sums[c] = p0[c] * column.Weight0 + p1[c] * column.Weight1 + p2[c] * column.Weight2 + p3[c] * column.Weight3;

            ReadOnlySpan<byte> Pixel(int tap, ReadOnlySpan<byte> row) => row.Slice(column.Source(tap, width) * PixelImage.BytesPerPixel, Channels);
        }
    }

    private static void CombineRows(ReadOnlySpan<int> r0, ReadOnlySpan<int> r1, ReadOnlySpan<int> r2, ReadOnlySpan<int> r3, Taps1D row, Span<byte> levels, int vectorised)
    {
        const float Scale = 1f / (WeightOne * WeightOne);
        float w0 = row.Weight0 * Scale, w1 = row.Weight1 * Scale, w2 = row.Weight2 * Scale, w3 = row.Weight3 * Scale;
        for (int i = 0; i < vectorised; i++)
        {
            float level = r0[i] * w0 + (r1[i] * w1 + (r2[i] * w2 + r3[i] * w3));
            levels[i] = (byte)Math.Clamp((int)MathF.Round(level), 0, 255);
        }

        for (int i = vectorised; i < levels.Length; i++)
        {
            int sum = r0[i] * row.Weight0 + r1[i] * row.Weight1 + r2[i] * row.Weight2 + r3[i] * row.Weight3;
            levels[i] = (byte)Math.Clamp((sum + (1 << (2 * WeightBits - 1))) >> (2 * WeightBits), 0, 255);
        }
    }

    private static Taps1D[] GetTaps(long start, int count, long resized, int original)
    {
        double scale = 1.0 / ((double)resized / original);
        var taps = new Taps1D[count];
        for (int i = 0; i < count; i++)
        {
            float position = (float)((start + i + 0.5) * scale - 0.5);
            int first = (int)MathF.Floor(position);
            taps[i] = Taps1D.At(first, position - first);
        }

        return taps;
    }

    /// <summary>The four source pixels of one result pixel, and their weights of <see cref="WeightBits"/> bits.</summary>
    private readonly record struct Taps1D(int First, int Weight0, int Weight1, int Weight2, int Weight3)
    {
        // a = -0.75 as in OpenCV's INTER_CUBIC; Keys (1981) derives -0.5. The order of the operations is OpenCV's: it decides the rounding.
        public static Taps1D At(int pixel, float x)
        {
            const float A = -0.75f;
            float w0 = ((A * (x + 1) - 5 * A) * (x + 1) + 8 * A) * (x + 1) - 4 * A;
            float w1 = ((A + 2) * x - (A + 3)) * x * x + 1;
            float w2 = ((A + 2) * (1 - x) - (A + 3)) * (1 - x) * (1 - x) + 1;
            float w3 = 1f - w0 - w1 - w2;
            return new(pixel - 1, Fixed(w0), Fixed(w1), Fixed(w2), Fixed(w3));
        }

        /// <summary>The source pixel of a tap; beyond the border, the pixel at the border.</summary>
        public int Source(int tap, int length) => Math.Clamp(First + tap, 0, length - 1);

        private static int Fixed(float weight) => (int)MathF.Round(weight * WeightOne);
    }
}
