using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Weighted sums of pixels in single precision, one product after the other and not fused: whatever the instructions, they are the same.
/// </summary>
internal sealed class PixelMeans(Resampler.Kernel kernel)
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
        int done = 0;
        if (IsVector)
        {
            for (; done <= sums.Length - Vector128<int>.Count; done += Vector128<int>.Count)
                Store(Vector128.ConvertToSingle(Vector128.Create(sums[done..])) * scale, levels[done..]);
        }

        for (int i = done; i < sums.Length; i++)
            levels[i] = ToLevel(sums[i] * scale);
    }

    /// <summary>Means to levels, halves to even. Shapes: [n].</summary>
    public void Round(ReadOnlySpan<float> means, Span<byte> levels)
    {
        int done = 0;
        if (IsVector)
        {
            for (; done <= means.Length - Vector128<float>.Count; done += Vector128<float>.Count)
                Store(Vector128.Create(means[done..]), levels[done..]);
        }

        for (int i = done; i < means.Length; i++)
            levels[i] = ToLevel(means[i]);
    }

    private static byte ToLevel(float mean) => (byte)Math.Clamp((int)MathF.Round(mean), 0, byte.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> means, Span<byte> levels)
    {
        Vector128<int> rounded = Vector128.ConvertToInt32Native(
            Vector128.Clamp(Vector128.Round(means), Vector128<float>.Zero, Vector128.Create(255f)));
        Vector128<short> narrow = Vector128.Narrow(rounded, rounded);
        MemoryMarshal.Write(levels, Vector128.Narrow(narrow.AsUInt16(), narrow.AsUInt16()).AsUInt32().ToScalar());
    }

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

    private static void Sum128<TPixels>(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> weights, int first, int step, Span<float> sum)
        where TPixels : IPixelType
    {
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        ref float weight = ref MemoryMarshal.GetReference(weights);
        Vector128<float> levels = Vector128<float>.Zero;
        for (int i = 0, tap = first; i < weights.Length; i++, tap += step)
            levels += TPixels.Four(ref Unsafe.Add(ref source, tap * PixelRows.BytesPerPixel * TPixels.Size)) * Unsafe.Add(ref weight, tap);
        levels.StoreUnsafe(ref MemoryMarshal.GetReference(sum));
    }

    /// <summary>Whole steps; the number of sums done is returned.</summary>
    private static int Across128<TPixels>(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<float> weights,
        Span<float> sums)
        where TPixels : IPixelType
    {
        const int LevelsPerStep = 16;
        ref byte source = ref MemoryMarshal.GetReference(rows);
        ref float target = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= sums.Length - LevelsPerStep; i += LevelsPerStep)
        {
            Vector128<float> s0 = Vector128<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int row = 0; row < offsets.Length; row++)
            {
                float weight = weights[row];
                ref byte levels = ref Unsafe.Add(ref source, offsets[row] + i * TPixels.Size);
                s0 += TPixels.Four(ref levels) * weight;
                s1 += TPixels.Four(ref Unsafe.Add(ref levels, 4 * TPixels.Size)) * weight;
                s2 += TPixels.Four(ref Unsafe.Add(ref levels, 8 * TPixels.Size)) * weight;
                s3 += TPixels.Four(ref Unsafe.Add(ref levels, 12 * TPixels.Size)) * weight;
            }

            s0.StoreUnsafe(ref target, (nuint)i);
            s1.StoreUnsafe(ref target, (nuint)i + 4);
            s2.StoreUnsafe(ref target, (nuint)i + 8);
            s3.StoreUnsafe(ref target, (nuint)i + 12);
        }

        return i;
    }
}
