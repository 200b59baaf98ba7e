using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

// Portable. Where a number is returned, it is that of the values done: whole vectors.
internal sealed partial class PixelMeans
{
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

    private static int Round128(ReadOnlySpan<int> sums, float scale, Span<byte> levels)
    {
        int i = 0;
        for (; i <= sums.Length - Vector128<int>.Count; i += Vector128<int>.Count)
            Store(Vector128.ConvertToSingle(Vector128.Create(sums[i..])) * scale, levels[i..]);
        return i;
    }

    private static int Round128(ReadOnlySpan<float> means, Span<byte> levels)
    {
        int i = 0;
        for (; i <= means.Length - Vector128<float>.Count; i += Vector128<float>.Count)
            Store(Vector128.Create(means[i..]), levels[i..]);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> means, Span<byte> levels)
    {
        Vector128<int> rounded = Vector128.ConvertToInt32Native(
            Vector128.Clamp(Vector128.Round(means), Vector128<float>.Zero, Vector128.Create(255f)));
        Vector128<short> narrow = Vector128.Narrow(rounded, rounded);
        MemoryMarshal.Write(levels, Vector128.Narrow(narrow.AsUInt16(), narrow.AsUInt16()).AsUInt32().ToScalar());
    }
}
