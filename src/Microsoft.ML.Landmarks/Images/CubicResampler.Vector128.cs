using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks;

// Portable: Arm, and x86 before AVX2.
internal sealed partial class CubicResampler
{
    private const int LevelsPerStep128 = 16;

    private static void ResizeRow128(ReadOnlySpan<byte> pixels, ReadOnlySpan<CubicTaps> columns, Span<float> line)
    {
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        ref float red = ref MemoryMarshal.GetReference(line);
        ref float green = ref Unsafe.Add(ref red, columns.Length);
        ref float blue = ref Unsafe.Add(ref green, columns.Length);
        for (int x = 0; x < columns.Length; x++)
        {
            // R, G, B and the unused level of the pixel. A product is below 2^20 and a sum of four below 2^22: nothing is lost.
            ref readonly CubicTaps column = ref columns[x];
            (Vector128<ushort> taps01, Vector128<ushort> taps23) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)(column.First * PixelRows.BytesPerPixel)));
            Vector128<int> sum = Vector128.WidenLower(taps01.AsInt16()) * column.Weight0 + Vector128.WidenUpper(taps01.AsInt16()) * column.Weight1
                + (Vector128.WidenLower(taps23.AsInt16()) * column.Weight2 + Vector128.WidenUpper(taps23.AsInt16()) * column.Weight3);
            Vector128<float> single = Vector128.ConvertToSingle(sum);
            Unsafe.Add(ref red, x) = single.GetElement(0);
            Unsafe.Add(ref green, x) = single.GetElement(1);
            Unsafe.Add(ref blue, x) = single.GetElement(2);
        }
    }

    private static void CombineRows128(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3, CubicTaps row, Span<byte> levels)
    {
        (float w0, float w1, float w2, float w3) = Scaled(row);
        ref float line0 = ref MemoryMarshal.GetReference(r0);
        ref float line1 = ref MemoryMarshal.GetReference(r1);
        ref float line2 = ref MemoryMarshal.GetReference(r2);
        ref float line3 = ref MemoryMarshal.GetReference(r3);
        ref byte target = ref MemoryMarshal.GetReference(levels);
        Vector128<float> weight0 = Vector128.Create(w0), weight1 = Vector128.Create(w1), weight2 = Vector128.Create(w2), weight3 = Vector128.Create(w3);
        for (int first = 0; first < levels.Length; first += LevelsPerStep128)
        {
            nuint i = (nuint)Math.Min(first, levels.Length - LevelsPerStep128);
            Vector128<short> low = Vector128.Narrow(
                Level(ref line0, ref line1, ref line2, ref line3, i, weight0, weight1, weight2, weight3),
                Level(ref line0, ref line1, ref line2, ref line3, i + 4, weight0, weight1, weight2, weight3));
            Vector128<short> high = Vector128.Narrow(
                Level(ref line0, ref line1, ref line2, ref line3, i + 8, weight0, weight1, weight2, weight3),
                Level(ref line0, ref line1, ref line2, ref line3, i + 12, weight0, weight1, weight2, weight3));
            Vector128.Narrow(low.AsUInt16(), high.AsUInt16()).StoreUnsafe(ref target, i);
        }

        // Not fused, and in this order: both decide the rounding.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<int> Level(ref float line0, ref float line1, ref float line2, ref float line3, nuint i, Vector128<float> weight0, Vector128<float> weight1, Vector128<float> weight2, Vector128<float> weight3)
        {
            Vector128<float> level = Vector128.LoadUnsafe(ref line0, i) * weight0
                + (Vector128.LoadUnsafe(ref line1, i) * weight1 + (Vector128.LoadUnsafe(ref line2, i) * weight2 + Vector128.LoadUnsafe(ref line3, i) * weight3));
            return Vector128.ConvertToInt32Native(Vector128.Clamp(Vector128.Round(level), Vector128<float>.Zero, Vector128.Create(255f)));
        }
    }
}
