using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

// Portable: Arm, and x86 before AVX2. A vector holds the channels of a pixel.
internal sealed partial class PixelSums
{
    private static void Along128(ReadOnlySpan<byte> pixels, TapTable<int> taps, Span<int> sums)
    {
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        ref int weight = ref MemoryMarshal.GetReference(taps.Weights);
        ref int target = ref MemoryMarshal.GetReference(sums);
        int count = taps.Taps;
        foreach (int first in taps.Firsts)
        {
            ref byte pixel = ref Unsafe.Add(ref source, first * PixelRows.BytesPerPixel);
            Vector128<int> sum = Vector128<int>.Zero;
            for (int tap = 0; tap < count; tap++)
                sum += Pixel(ref pixel, tap) * Unsafe.Add(ref weight, tap);
            sum.StoreUnsafe(ref target);
            weight = ref Unsafe.Add(ref weight, count);
            target = ref Unsafe.Add(ref target, PixelRows.BytesPerPixel);
        }
    }

    /// <summary>Whole vectors; the number of sums done is returned.</summary>
    private static int Across128(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<int> sums)
    {
        ref byte source = ref MemoryMarshal.GetReference(rows);
        ref int target = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= sums.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<int> s0 = Vector128<int>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int row = 0; row < offsets.Length; row++)
            {
                int weight = weights[row];
                Vector128<byte> levels = Vector128.LoadUnsafe(ref source, (nuint)(offsets[row] + i));
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(levels);
                s0 += Vector128.WidenLower(low.AsInt16()) * weight;
                s1 += Vector128.WidenUpper(low.AsInt16()) * weight;
                s2 += Vector128.WidenLower(high.AsInt16()) * weight;
                s3 += Vector128.WidenUpper(high.AsInt16()) * weight;
            }

            s0.StoreUnsafe(ref target, (nuint)i);
            s1.StoreUnsafe(ref target, (nuint)i + 4);
            s2.StoreUnsafe(ref target, (nuint)i + 8);
            s3.StoreUnsafe(ref target, (nuint)i + 12);
        }

        return i;
    }

    private static void Blocks128(ReadOnlySpan<int> pixels, int length, bool reversed, Span<int> sums)
    {
        int step = length * PixelRows.BytesPerPixel;
        ref int block = ref Unsafe.Add(ref MemoryMarshal.GetReference(pixels), reversed ? pixels.Length - step : 0);
        ref int target = ref MemoryMarshal.GetReference(sums);
        for (int i = 0; i < sums.Length; i += PixelRows.BytesPerPixel)
        {
            Vector128<int> sum = Vector128<int>.Zero;
            for (int pixel = 0; pixel < step; pixel += PixelRows.BytesPerPixel)
                sum += Vector128.LoadUnsafe(ref block, (nuint)pixel);
            sum.StoreUnsafe(ref target, (nuint)i);
            block = ref Unsafe.Add(ref block, reversed ? -step : step);
        }
    }

    private static int Blend128(ReadOnlySpan<int> first, ReadOnlySpan<int> second, LinearTaps taps, Span<int> sums)
    {
        ref int source0 = ref MemoryMarshal.GetReference(first);
        ref int source1 = ref MemoryMarshal.GetReference(second);
        ref int target = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= sums.Length - Vector128<int>.Count; i += Vector128<int>.Count)
        {
            Vector128<int> part0 = ((Vector128.LoadUnsafe(ref source0, (nuint)i) >> 4) * taps.Weight0) >> 16;
            Vector128<int> part1 = ((Vector128.LoadUnsafe(ref source1, (nuint)i) >> 4) * taps.Weight1) >> 16;
            (part0 + part1).StoreUnsafe(ref target, (nuint)i);
        }

        return i;
    }

    private static int Round128(ReadOnlySpan<int> sums, int bits, Span<byte> levels)
    {
        ref int source = ref MemoryMarshal.GetReference(sums);
        ref byte target = ref MemoryMarshal.GetReference(levels);
        Vector128<int> half = Vector128.Create(1 << (bits - 1));
        int i = 0;
        for (; i <= sums.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<short> low = Vector128.Narrow(Level(ref source, i), Level(ref source, i + 4));
            Vector128<short> high = Vector128.Narrow(Level(ref source, i + 8), Level(ref source, i + 12));
            Vector128.Narrow(low.AsUInt16(), high.AsUInt16()).StoreUnsafe(ref target, (nuint)i);
        }

        return i;

        Vector128<int> Level(ref int source, int i)
            => Vector128.Clamp((Vector128.LoadUnsafe(ref source, (nuint)i) + half) >> bits, Vector128<int>.Zero, Vector128.Create(255));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pixel(ref byte pixels, int i)
    {
        uint pixel = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixels, i * PixelRows.BytesPerPixel));
        return Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte()).AsInt16());
    }
}
