namespace Microsoft.ML.Landmarks.Images.Resampling;

// What the sums are: the other kernels give the same.
internal sealed partial class PixelSums
{
    private static void AlongScalar(ReadOnlySpan<byte> pixels, TapTable<int> taps, Span<int> sums)
    {
        for (int place = 0; place < taps.Places; place++)
        {
            ReadOnlySpan<byte> source = pixels[(taps.First(place) * PixelRows.BytesPerPixel)..];
            ReadOnlySpan<int> weights = taps.WeightsOf(place);
            Span<int> sum = sums.Slice(place * PixelRows.BytesPerPixel, PixelRows.BytesPerPixel);
            sum.Clear();
            for (int tap = 0; tap < weights.Length; tap++)
            {
                for (int c = 0; c < sum.Length; c++)
                    sum[c] += source[tap * PixelRows.BytesPerPixel + c] * weights[tap];
            }
        }
    }

    private static void AcrossScalar(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<int> sums,
        int done)
    {
        for (int i = done; i < sums.Length; i++)
        {
            int sum = 0;
            for (int row = 0; row < offsets.Length; row++)
                sum += rows[offsets[row] + i] * weights[row];
            sums[i] = sum;
        }
    }

    private static void BlocksScalar(ReadOnlySpan<int> pixels, int length, bool reversed, Span<int> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            (int place, int c) = Math.DivRem(i, PixelRows.BytesPerPixel);
            int first = reversed ? pixels.Length / PixelRows.BytesPerPixel - (place + 1) * length : place * length;
            sums[i] = 0;
            for (int pixel = first; pixel < first + length; pixel++)
                sums[i] += pixels[pixel * PixelRows.BytesPerPixel + c];
        }
    }

    private static void BlendScalar(ReadOnlySpan<int> first, ReadOnlySpan<int> second, LinearTaps taps, Span<int> sums, int done)
    {
        for (int i = done; i < sums.Length; i++)
            sums[i] = (((first[i] >> 4) * taps.Weight0) >> 16) + (((second[i] >> 4) * taps.Weight1) >> 16);
    }

    private static void RoundScalar(ReadOnlySpan<int> sums, int bits, Span<byte> levels)
    {
        for (int i = 0; i < sums.Length; i++)
            levels[i] = (byte)Math.Clamp((sums[i] + (1 << (bits - 1))) >> bits, 0, byte.MaxValue);
    }
}
