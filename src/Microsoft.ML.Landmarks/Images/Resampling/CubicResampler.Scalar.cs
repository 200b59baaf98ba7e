namespace Microsoft.ML.Landmarks.Images.Resampling;

// What the levels are: the other kernels give the same.
internal sealed partial class CubicResampler
{
    /// <summary>Resizes a row in width. Shapes: pixels [width, 4], columns [size], line [3, size].</summary>
    private static void ResizeRowScalar(ReadOnlySpan<byte> pixels, ReadOnlySpan<CubicTaps> columns, Span<float> line)
    {
        int width = pixels.Length / PixelRows.BytesPerPixel;
        for (int x = 0; x < columns.Length; x++)
        {
            CubicTaps column = columns[x];
            ReadOnlySpan<byte> p0 = Pixel(0, pixels), p1 = Pixel(1, pixels), p2 = Pixel(2, pixels), p3 = Pixel(3, pixels);
            for (int c = 0; c < Channels; c++)
                line[c * columns.Length + x] = p0[c] * column.Weight0 + p1[c] * column.Weight1 + p2[c] * column.Weight2 + p3[c]
                    * column.Weight3;

            ReadOnlySpan<byte> Pixel(int tap, ReadOnlySpan<byte> row)
                => row.Slice(column.Source(tap, width) * PixelRows.BytesPerPixel, Channels);
        }
    }

    /// <summary>Sums four lines, weighted, to levels, all but the tail. Shapes: [3, size].</summary>
    private static void CombineRowsScalar(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3,
        CubicTaps row, Span<byte> levels)
    {
        (float w0, float w1, float w2, float w3) = Scaled(row);
        for (int i = 0; i < levels.Length; i++)
        {
            float level = r0[i] * w0 + (r1[i] * w1 + (r2[i] * w2 + r3[i] * w3));
            levels[i] = ToLevel(level);
        }
    }

    /// <summary>
    /// One column of the square from the four rows of the file that it is made of: the sums of the rows are what
    /// <see cref="ResizeRowScalar"/> gives of an image that was turned before. Shapes: rows [width, 4], places [size], levels [3, size].
    /// <paramref name="column"/> weighs the rows; each place is made of pixels that are counted from the end of the rows where these are
    /// <paramref name="reversed"/>; channels from <paramref name="firstOfTail"/> on are summed in integers.
    /// </summary>
    private static void CombineColumnScalar(ReadOnlySpan<byte> r0, ReadOnlySpan<byte> r1, ReadOnlySpan<byte> r2, ReadOnlySpan<byte> r3,
        CubicTaps column,
        ReadOnlySpan<CubicTaps> places, bool reversed, int firstOfTail, Span<byte> levels)
    {
        for (int y = 0; y < places.Length; y++)
            CombinePlace(r0, r1, r2, r3, column, places, y, reversed, firstOfTail, levels);
    }

    private static void CombinePlace(ReadOnlySpan<byte> r0, ReadOnlySpan<byte> r1, ReadOnlySpan<byte> r2, ReadOnlySpan<byte> r3,
        CubicTaps column,
        ReadOnlySpan<CubicTaps> places, int y, bool reversed, int firstOfTail, Span<byte> levels)
    {
        CubicTaps row = places[y];
        int width = r0.Length / PixelRows.BytesPerPixel;
        (float w0, float w1, float w2, float w3) = Scaled(row);
        int p0 = Place(0), p1 = Place(1), p2 = Place(2), p3 = Place(3);
        for (int c = 0; c < Channels; c++)
        {
            int s0 = Sum(r0, r1, r2, r3, p0 + c), s1 = Sum(r0, r1, r2, r3, p1 + c), s2 = Sum(r0, r1, r2, r3, p2 + c),
                s3 = Sum(r0, r1, r2, r3, p3 + c);
            levels[c * places.Length + y] = c < firstOfTail
                ? ToLevel(s0 * w0 + (s1 * w1 + (s2 * w2 + s3 * w3))) : ToLevel(s0, s1, s2, s3, row);
        }

        int Place(int tap)
        {
            int pixel = row.Source(tap, width);
            return (reversed ? width - 1 - pixel : pixel) * PixelRows.BytesPerPixel;
        }

        int Sum(ReadOnlySpan<byte> r0, ReadOnlySpan<byte> r1, ReadOnlySpan<byte> r2, ReadOnlySpan<byte> r3, int i)
            => r0[i] * column.Weight0 + r1[i] * column.Weight1 + r2[i] * column.Weight2 + r3[i] * column.Weight3;
    }

    /// <summary>The levels from <paramref name="first"/> on, counted as OpenCV stores them, [size, 3]: those that are summed in
    /// integers.</summary>
    private static void CombineTail(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3,
        CubicTaps row, int first, Span<byte> levels)
    {
        int size = levels.Length / Channels;
        for (int place = first; place < levels.Length; place++)
        {
            int i = place % Channels * size + place / Channels;
            levels[i] = ToLevel((int)r0[i], (int)r1[i], (int)r2[i], (int)r3[i], row);
        }
    }

    private static byte ToLevel(float level) => (byte)Math.Clamp((int)MathF.Round(level), 0, 255);

    private static byte ToLevel(int r0, int r1, int r2, int r3, CubicTaps row)
    {
        const int Half = 1 << (2 * CubicTaps.WeightBits - 1);
        int sum = r0 * row.Weight0 + r1 * row.Weight1 + r2 * row.Weight2 + r3 * row.Weight3;
        return (byte)Math.Clamp((sum + Half) >> (2 * CubicTaps.WeightBits), 0, 255);
    }

    private static (float W0, float W1, float W2, float W3) Scaled(CubicTaps row)
    {
        const float Scale = 1f / (CubicTaps.WeightOne * CubicTaps.WeightOne);
        return (row.Weight0 * Scale, row.Weight1 * Scale, row.Weight2 * Scale, row.Weight3 * Scale);
    }
}
