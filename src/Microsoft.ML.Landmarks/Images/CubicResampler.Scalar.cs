namespace Microsoft.ML.Landmarks;

// What the levels are: the other kernels give the same.
internal sealed partial class CubicResampler
{
    /// <summary>A row of the unchanged image: pixels [size, 4] to levels [3, size].</summary>
    private static void CopyRow(ReadOnlySpan<byte> pixels, Span<byte> levels)
    {
        int size = levels.Length / Channels;
        Span<byte> red = levels[..size], green = levels.Slice(size, size), blue = levels[(2 * size)..];
        for (int x = 0; x < size; x++)
        {
            red[x] = pixels[x * PixelRows.BytesPerPixel];
            green[x] = pixels[x * PixelRows.BytesPerPixel + 1];
            blue[x] = pixels[x * PixelRows.BytesPerPixel + 2];
        }
    }

    /// <summary>Resizes a row in width. Shapes: pixels [width, 4], columns [size], line [3, size].</summary>
    private static void ResizeRowScalar(ReadOnlySpan<byte> pixels, ReadOnlySpan<CubicTaps> columns, Span<float> line)
    {
        int width = pixels.Length / PixelRows.BytesPerPixel;
        for (int x = 0; x < columns.Length; x++)
        {
            CubicTaps column = columns[x];
            ReadOnlySpan<byte> p0 = Pixel(0, pixels), p1 = Pixel(1, pixels), p2 = Pixel(2, pixels), p3 = Pixel(3, pixels);
            for (int c = 0; c < Channels; c++)
                line[c * columns.Length + x] = p0[c] * column.Weight0 + p1[c] * column.Weight1 + p2[c] * column.Weight2 + p3[c] * column.Weight3;

            ReadOnlySpan<byte> Pixel(int tap, ReadOnlySpan<byte> row) => row.Slice(column.Source(tap, width) * PixelRows.BytesPerPixel, Channels);
        }
    }

    /// <summary>Sums four lines, weighted, to levels, all but the tail. Shapes: [3, size].</summary>
    private static void CombineRowsScalar(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3, CubicTaps row, Span<byte> levels)
    {
        (float w0, float w1, float w2, float w3) = Scaled(row);
        for (int i = 0; i < levels.Length; i++)
        {
            float level = r0[i] * w0 + (r1[i] * w1 + (r2[i] * w2 + r3[i] * w3));
            levels[i] = (byte)Math.Clamp((int)MathF.Round(level), 0, 255);
        }
    }

    /// <summary>The levels from <paramref name="first"/> on, counted as OpenCV stores them, [size, 3]: those that are summed in integers.</summary>
    private static void CombineTail(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3, CubicTaps row, int first, Span<byte> levels)
    {
        const int Half = 1 << (2 * CubicTaps.WeightBits - 1);
        int size = levels.Length / Channels;
        for (int place = first; place < levels.Length; place++)
        {
            int i = place % Channels * size + place / Channels;
            int sum = (int)r0[i] * row.Weight0 + (int)r1[i] * row.Weight1 + (int)r2[i] * row.Weight2 + (int)r3[i] * row.Weight3;
            levels[i] = (byte)Math.Clamp((sum + Half) >> (2 * CubicTaps.WeightBits), 0, 255);
        }
    }

    private static (float W0, float W1, float W2, float W3) Scaled(CubicTaps row)
    {
        const float Scale = 1f / (CubicTaps.WeightOne * CubicTaps.WeightOne);
        return (row.Weight0 * Scale, row.Weight1 * Scale, row.Weight2 * Scale, row.Weight3 * Scale);
    }
}
