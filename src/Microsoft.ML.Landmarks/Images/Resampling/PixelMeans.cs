namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Weighted sums of pixels in single precision, one product after the other and not fused: whatever the instructions, they are the same.
/// </summary>
internal sealed partial class PixelMeans(Resampler.Kernel kernel)
{
    private bool IsVector => kernel != Resampler.Kernel.Scalar;

    /// <summary>Sums neighboring pixels of a row, from the first on, or from the last one back where <paramref name="reversed"/>. Shapes:
    /// pixels [width, 4], sums [places, 4].</summary>
    public void Along<TPixels>(ReadOnlySpan<byte> pixels, TapTable<float> taps, bool reversed, Span<float> sums)
        where TPixels : IPixelType
    {
        int bytesOfPixel = PixelRows.BytesPerPixel * TPixels.Size, step = reversed ? -1 : 1;
        for (int place = 0; place < taps.Places; place++)
        {
            ReadOnlySpan<float> weights = taps.WeightsOf(place);
            ReadOnlySpan<byte> source = pixels.Slice(taps.First(place) * bytesOfPixel, taps.Taps * bytesOfPixel);
            Span<float> sum = sums.Slice(place * PixelRows.BytesPerPixel, PixelRows.BytesPerPixel);
            int first = reversed ? taps.Taps - 1 : 0;
            if (IsVector)
                Sum128<TPixels>(source, weights, first, step, sum);
            else
                SumScalar<TPixels>(source, weights, first, step, sum);
        }
    }

    /// <summary>Sums several rows of pixels in their order, the first byte of each at its offset. Shapes: offsets [rows], weights [rows],
    /// sums [width, 4].</summary>
    public void Across<TPixels>(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<float> weights, Span<float> sums)
        where TPixels : IPixelType
    {
        int done = IsVector ? Across128<TPixels>(rows, offsets, weights, sums) : 0;
        for (int i = done; i < sums.Length; i++)
        {
            float sum = 0;
            for (int row = 0; row < offsets.Length; row++)
                sum += TPixels.Level(in rows[offsets[row] + i * TPixels.Size]) * weights[row];
            sums[i] = sum;
        }
    }

    /// <summary>Sums of levels to their mean, halves to even. Shapes: [n].</summary>
    public void Round(ReadOnlySpan<int> sums, float scale, Span<byte> levels)
    {
        int done = IsVector ? Round128(sums, scale, levels) : 0;
        for (int i = done; i < sums.Length; i++)
            levels[i] = ToLevel(sums[i] * scale);
    }

    /// <summary>Means to levels, halves to even. Shapes: [n].</summary>
    public void Round(ReadOnlySpan<float> means, Span<byte> levels)
    {
        int done = IsVector ? Round128(means, levels) : 0;
        for (int i = done; i < means.Length; i++)
            levels[i] = ToLevel(means[i]);
    }

    private static byte ToLevel(float mean) => (byte)Math.Clamp((int)MathF.Round(mean), 0, byte.MaxValue);

    private static void SumScalar<TPixels>(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> weights, int first, int step, Span<float> sum)
        where TPixels : IPixelType
    {
        sum.Clear();
        for (int i = 0, tap = first; i < weights.Length; i++, tap += step)
        {
            for (int c = 0; c < sum.Length; c++)
                sum[c] += TPixels.Level(in pixels[(tap * PixelRows.BytesPerPixel + c) * TPixels.Size]) * weights[tap];
        }
    }
}
