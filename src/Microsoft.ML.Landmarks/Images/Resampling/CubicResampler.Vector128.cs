using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

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
            (Vector128<ushort> taps01, Vector128<ushort> taps23) =
                Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)(column.First * PixelRows.BytesPerPixel)));
            Vector128<int> sum = Vector128.WidenLower(taps01.AsInt16()) * column.Weight0 + Vector128.WidenUpper(taps01.AsInt16())
                * column.Weight1
                + (Vector128.WidenLower(taps23.AsInt16()) * column.Weight2 + Vector128.WidenUpper(taps23.AsInt16()) * column.Weight3);
            Vector128<float> single = Vector128.ConvertToSingle(sum);
            Unsafe.Add(ref red, x) = single.GetElement(0);
            Unsafe.Add(ref green, x) = single.GetElement(1);
            Unsafe.Add(ref blue, x) = single.GetElement(2);
        }
    }

    private static void CombineRows128(ReadOnlySpan<float> r0, ReadOnlySpan<float> r1, ReadOnlySpan<float> r2, ReadOnlySpan<float> r3,
        CubicTaps row, Span<byte> levels)
    {
        (float w0, float w1, float w2, float w3) = Scaled(row);
        ref float line0 = ref MemoryMarshal.GetReference(r0);
        ref float line1 = ref MemoryMarshal.GetReference(r1);
        ref float line2 = ref MemoryMarshal.GetReference(r2);
        ref float line3 = ref MemoryMarshal.GetReference(r3);
        ref byte target = ref MemoryMarshal.GetReference(levels);
        Vector128<float> weight0 = Vector128.Create(w0), weight1 = Vector128.Create(w1), weight2 = Vector128.Create(w2),
            weight3 = Vector128.Create(w3);
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
        static Vector128<int> Level(ref float line0, ref float line1, ref float line2, ref float line3, nuint i, Vector128<float> weight0,
            Vector128<float> weight1, Vector128<float> weight2, Vector128<float> weight3)
        {
            Vector128<float> level = Vector128.LoadUnsafe(ref line0, i) * weight0
                + (Vector128.LoadUnsafe(ref line1, i) * weight1
                + (Vector128.LoadUnsafe(ref line2, i) * weight2 + Vector128.LoadUnsafe(ref line3, i) * weight3));
            return Vector128.ConvertToInt32Native(Vector128.Clamp(Vector128.Round(level), Vector128<float>.Zero, Vector128.Create(255f)));
        }
    }

    /// <summary><see cref="CombineColumnScalar"/> of a column without a tail: a vector holds the channels of one place.</summary>
    private static void CombineColumn128(ReadOnlySpan<byte> r0, ReadOnlySpan<byte> r1, ReadOnlySpan<byte> r2, ReadOnlySpan<byte> r3,
        CubicTaps column,
        ReadOnlySpan<CubicTaps> places, bool reversed, Span<byte> levels)
    {
        int width = r0.Length / PixelRows.BytesPerPixel, size = places.Length;
        ref byte row0 = ref MemoryMarshal.GetReference(r0);
        ref byte row1 = ref MemoryMarshal.GetReference(r1);
        ref byte row2 = ref MemoryMarshal.GetReference(r2);
        ref byte row3 = ref MemoryMarshal.GetReference(r3);
        for (int y = 0; y < size; y++)
        {
            CubicTaps row = reversed ? places[y].Reversed(width) : places[y];
            if (row.First < 0 || row.First > width - CubicTaps.Count)
            {
                CombinePlace(r0, r1, r2, r3, column, places, y, reversed, Channels, levels);
                continue;
            }

            nuint first = (nuint)(row.First * PixelRows.BytesPerPixel);
            (Vector128<ushort> a01, Vector128<ushort> a23) = Vector128.Widen(Vector128.LoadUnsafe(ref row0, first));
            (Vector128<ushort> b01, Vector128<ushort> b23) = Vector128.Widen(Vector128.LoadUnsafe(ref row1, first));
            (Vector128<ushort> c01, Vector128<ushort> c23) = Vector128.Widen(Vector128.LoadUnsafe(ref row2, first));
            (Vector128<ushort> d01, Vector128<ushort> d23) = Vector128.Widen(Vector128.LoadUnsafe(ref row3, first));
            (float w0, float w1, float w2, float w3) = Scaled(row);
            Vector128<float> p0 = Low(a01, b01, c01, d01, column) * w0, p1 = High(a01, b01, c01, d01, column) * w1;
            Vector128<float> p2 = Low(a23, b23, c23, d23, column) * w2, p3 = High(a23, b23, c23, d23, column) * w3;
            // In the order of the picture, which decides the rounding.
            Vector128<float> level = reversed ? p3 + (p2 + (p1 + p0)) : p0 + (p1 + (p2 + p3));
            Vector128<int> rounded = Vector128.ConvertToInt32Native(
                Vector128.Clamp(Vector128.Round(level), Vector128<float>.Zero, Vector128.Create(255f)));
            levels[y] = (byte)rounded.GetElement(0);
            levels[size + y] = (byte)rounded.GetElement(1);
            levels[2 * size + y] = (byte)rounded.GetElement(2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Low(Vector128<ushort> a, Vector128<ushort> b, Vector128<ushort> c, Vector128<ushort> d, CubicTaps column)
            => Sum(
            Vector128.WidenLower(a.AsInt16()), Vector128.WidenLower(b.AsInt16()), Vector128.WidenLower(c.AsInt16()),
                Vector128.WidenLower(d.AsInt16()), column);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> High(Vector128<ushort> a, Vector128<ushort> b, Vector128<ushort> c, Vector128<ushort> d, CubicTaps column)
            => Sum(
            Vector128.WidenUpper(a.AsInt16()), Vector128.WidenUpper(b.AsInt16()), Vector128.WidenUpper(c.AsInt16()),
                Vector128.WidenUpper(d.AsInt16()), column);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Sum(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d, CubicTaps column)
            => Vector128.ConvertToSingle(a * column.Weight0 + b * column.Weight1 + (c * column.Weight2 + d * column.Weight3));
    }
}
