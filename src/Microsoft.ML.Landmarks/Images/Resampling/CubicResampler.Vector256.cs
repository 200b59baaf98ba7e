using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Images.Resampling;

// AVX2. A result pixel's four source pixels are 16 neighbouring bytes, and two such loads fill a vector.
internal sealed partial class CubicResampler
{
    private const int PixelsPerGroup = 8;
    private const int LevelsPerStep = 32;

    private static int GetVector256ColumnsLength(int size) => (size + PixelsPerGroup - 1) / PixelsPerGroup * Unsafe.SizeOf<ColumnGroup>();

    /// <summary>Orders the weights as <see cref="ResizeRow256"/> multiplies them. The last group ends with the row, and so may
    /// overlap.</summary>
    private static void FillVector256Columns(ReadOnlySpan<CubicTaps> columns, Span<byte> groups)
    {
        Span<ColumnGroup> target = MemoryMarshal.Cast<byte, ColumnGroup>(groups);
        for (int first = 0, g = 0; first < columns.Length; first += PixelsPerGroup, g++)
        {
            ReadOnlySpan<CubicTaps> group = columns.Slice(Math.Min(first, columns.Length - PixelsPerGroup), PixelsPerGroup);
            Span<int> offsets = target[g].Offsets;
            Span<Vector256<short>> vectors = target[g].Weights;
            Span<int> weights = MemoryMarshal.Cast<Vector256<short>, int>(vectors);
            for (int i = 0; i < PixelsPerGroup; i++)
            {
                CubicTaps taps = group[i];
                offsets[i] = taps.First * PixelRows.BytesPerPixel;
                // Pixel i + 4 is the upper half of pixel i's vectors.
                int pair = i % 4 * 16 + i / 4 * 4;
                weights.Slice(pair, 4).Fill(Pair(taps.Weight0, taps.Weight1));
                weights.Slice(pair + 8, 4).Fill(Pair(taps.Weight2, taps.Weight3));
            }
        }

        static int Pair(int low, int high) => (ushort)low | high << 16;
    }

    private static void ResizeRow256(ReadOnlySpan<byte> pixels, ReadOnlySpan<byte> groups, Span<float> line)
    {
        int size = line.Length / Channels;
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        ref float red = ref MemoryMarshal.GetReference(line);
        ref float green = ref Unsafe.Add(ref red, size);
        ref float blue = ref Unsafe.Add(ref green, size);
        ref ColumnGroup group = ref Unsafe.As<byte, ColumnGroup>(ref MemoryMarshal.GetReference(groups));
        for (int first = 0; first < size; first += PixelsPerGroup)
        {
            Vector256<int> p04 = Sum(ref source, ref group, 0), p15 = Sum(ref source, ref group, 1), p26 = Sum(ref source, ref group, 2),
                p37 = Sum(ref source, ref group, 3);
            Vector256<long> redGreen01 = Avx2.UnpackLow(p04, p15).AsInt64(), redGreen23 = Avx2.UnpackLow(p26, p37).AsInt64();
            Vector256<long> blue01 = Avx2.UnpackHigh(p04, p15).AsInt64(), blue23 = Avx2.UnpackHigh(p26, p37).AsInt64();
            nuint x = (nuint)Math.Min(first, size - PixelsPerGroup);
            Vector256.ConvertToSingle(Avx2.UnpackLow(redGreen01, redGreen23).AsInt32()).StoreUnsafe(ref red, x);
            Vector256.ConvertToSingle(Avx2.UnpackHigh(redGreen01, redGreen23).AsInt32()).StoreUnsafe(ref green, x);
            Vector256.ConvertToSingle(Avx2.UnpackLow(blue01, blue23).AsInt32()).StoreUnsafe(ref blue, x);
            group = ref Unsafe.Add(ref group, 1);
        }

        // R, G, B and the unused level of pixel i and of pixel i + 4. A product is below 2^20 and a sum of four below 2^22: nothing is
        // lost.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Sum(ref byte source, ref ColumnGroup group, int i)
        {
            Vector256<byte> taps = Vector256.Create(
                Vector128.LoadUnsafe(ref source, (nuint)group.Offsets[i]),
                Vector128.LoadUnsafe(ref source, (nuint)group.Offsets[i + 4]));
            Vector256<short> taps01 = Avx2.Shuffle(taps, Taps01).AsInt16(), taps23 = Avx2.Shuffle(taps, Taps23).AsInt16();
            return Avx2.MultiplyAddAdjacent(taps01, group.Weights[2 * i]) + Avx2.MultiplyAddAdjacent(taps23, group.Weights[2 * i + 1]);
        }
    }

    // Bytes R0 G0 B0 x0 R1 G1 B1 x1 … to the 16-bit pairs R0 R1, G0 G1, B0 B1, x0 x1; 255 gives 0.
    private static Vector256<byte> Taps01
        => Vector256.Create(Vector128.Create((byte)0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255));

    private static Vector256<byte> Taps23
        => Vector256.Create(Vector128.Create((byte)8, 255, 12, 255, 9, 255, 13, 255, 10, 255, 14, 255, 11, 255, 15, 255));

    private static void CombineRows256(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3,
        CubicTaps row, Span<byte> levels)
    {
        (float w0, float w1, float w2, float w3) = Scaled(row);
        ref float line0 = ref MemoryMarshal.GetReference(r0);
        ref float line1 = ref MemoryMarshal.GetReference(r1);
        ref float line2 = ref MemoryMarshal.GetReference(r2);
        ref float line3 = ref MemoryMarshal.GetReference(r3);
        ref byte target = ref MemoryMarshal.GetReference(levels);
        Vector256<float> weight0 = Vector256.Create(w0), weight1 = Vector256.Create(w1), weight2 = Vector256.Create(w2),
            weight3 = Vector256.Create(w3);
        for (int first = 0; first < levels.Length; first += LevelsPerStep)
        {
            nuint i = (nuint)Math.Min(first, levels.Length - LevelsPerStep);
            Vector256<short> low = Avx2.PackSignedSaturate(
                Level(ref line0, ref line1, ref line2, ref line3, i, weight0, weight1, weight2, weight3),
                Level(ref line0, ref line1, ref line2, ref line3, i + 8, weight0, weight1, weight2, weight3));
            Vector256<short> high = Avx2.PackSignedSaturate(
                Level(ref line0, ref line1, ref line2, ref line3, i + 16, weight0, weight1, weight2, weight3),
                Level(ref line0, ref line1, ref line2, ref line3, i + 24, weight0, weight1, weight2, weight3));
            // Packing works within halves; this puts the fours in order.
            Avx2.PermuteVar8x32(Avx2.PackUnsignedSaturate(low, high).AsInt32(),
                Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().StoreUnsafe(ref target, i);
        }

        // Not fused, and in this order: both decide the rounding. The conversion rounds halves to even.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Level(ref float line0, ref float line1, ref float line2, ref float line3, nuint i, Vector256<float> weight0,
            Vector256<float> weight1, Vector256<float> weight2, Vector256<float> weight3)
            => Avx.ConvertToVector256Int32(Vector256.LoadUnsafe(ref line0, i) * weight0
                + (Vector256.LoadUnsafe(ref line1, i) * weight1
                + (Vector256.LoadUnsafe(ref line2, i) * weight2 + Vector256.LoadUnsafe(ref line3, i) * weight3)));
    }

    /// <summary>Eight result pixels: where their source pixels begin, and four pairs of vectors of weights.</summary>
    private struct ColumnGroup
    {
        public Eight Weights;
        public EightOffsets Offsets;

        [InlineArray(PixelsPerGroup)]
        public struct Eight
        {
            private Vector256<short> _weights;
        }

        [InlineArray(PixelsPerGroup)]
        public struct EightOffsets
        {
            private int _offset;
        }
    }
}
