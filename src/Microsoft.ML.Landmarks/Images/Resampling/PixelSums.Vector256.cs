using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Images.Resampling;

// AVX2. A vector holds the channels of two neighboring pixels.
internal sealed partial class PixelSums
{
    private static void Along256(ReadOnlySpan<byte> pixels, TapTable<int> taps, Span<int> sums)
    {
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        ref int weight = ref MemoryMarshal.GetReference(taps.Weights);
        ref int target = ref MemoryMarshal.GetReference(sums);
        int count = taps.Taps;
        Vector256<int> weights01 = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1), weights23 = Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3);
        foreach (int first in taps.Firsts)
        {
            ref byte pixel = ref Unsafe.Add(ref source, first * PixelRows.BytesPerPixel);
            Vector256<int> even = Vector256<int>.Zero, odd = Vector256<int>.Zero;
            int tap = 0;
            for (; tap <= count - 4; tap += 4)
            {
                Vector256<int> weights = Vector128.LoadUnsafe(ref weight, (nuint)tap).ToVector256Unsafe();
                even += TwoPixels(ref pixel, tap) * Avx2.PermuteVar8x32(weights, weights01);
                odd += TwoPixels(ref pixel, tap + 2) * Avx2.PermuteVar8x32(weights, weights23);
            }

            if ((count & 2) != 0)
            {
                Vector128<long> weights = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(
                    ref Unsafe.As<int, byte>(ref Unsafe.Add(ref weight, tap))));
                even += TwoPixels(ref pixel, tap) * Avx2.PermuteVar8x32(weights.AsInt32().ToVector256Unsafe(), weights01);
                tap += 2;
            }

            even += odd;
            Vector128<int> sum = even.GetLower() + even.GetUpper();
            if ((count & 1) != 0)
                sum += Pixel(ref pixel, tap) * Unsafe.Add(ref weight, tap);
            sum.StoreUnsafe(ref target);
            weight = ref Unsafe.Add(ref weight, count);
            target = ref Unsafe.Add(ref target, PixelRows.BytesPerPixel);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> TwoPixels(ref byte pixels, int i)
            => Eight(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref pixels, i * PixelRows.BytesPerPixel)));
    }

    private static int Across256(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<int> sums)
    {
        const int LevelsPerStep = 32;
        ref byte source = ref MemoryMarshal.GetReference(rows);
        ref int target = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= sums.Length - LevelsPerStep; i += LevelsPerStep)
        {
            Vector256<int> s0 = Vector256<int>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int row = 0; row < offsets.Length; row++)
            {
                Vector256<int> weight = Vector256.Create(weights[row]);
                ref byte levels = ref Unsafe.Add(ref source, offsets[row] + i);
                s0 += Levels(ref levels, 0) * weight;
                s1 += Levels(ref levels, 8) * weight;
                s2 += Levels(ref levels, 16) * weight;
                s3 += Levels(ref levels, 24) * weight;
            }

            s0.StoreUnsafe(ref target, (nuint)i);
            s1.StoreUnsafe(ref target, (nuint)i + 8);
            s2.StoreUnsafe(ref target, (nuint)i + 16);
            s3.StoreUnsafe(ref target, (nuint)i + 24);
        }

        return i;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Levels(ref byte levels, int i) => Eight(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref levels, i)));
    }

    private static int Round256(ReadOnlySpan<int> sums, int bits, Span<byte> levels)
    {
        const int LevelsPerStep = 32;
        ref int source = ref MemoryMarshal.GetReference(sums);
        ref byte target = ref MemoryMarshal.GetReference(levels);
        Vector256<int> half = Vector256.Create(1 << (bits - 1));
        int i = 0;
        for (; i <= sums.Length - LevelsPerStep; i += LevelsPerStep)
        {
            Vector256<short> low = Avx2.PackSignedSaturate(Level(ref source, i), Level(ref source, i + 8));
            Vector256<short> high = Avx2.PackSignedSaturate(Level(ref source, i + 16), Level(ref source, i + 24));
            // Packing works within halves; this puts the fours in order.
            Avx2.PermuteVar8x32(Avx2.PackUnsignedSaturate(low, high).AsInt32(),
                Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().StoreUnsafe(ref target, (nuint)i);
        }

        return i;

        Vector256<int> Level(ref int source, int i) => (Vector256.LoadUnsafe(ref source, (nuint)i) + half) >> bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Eight(ulong levels) => Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(levels).AsByte());
}
