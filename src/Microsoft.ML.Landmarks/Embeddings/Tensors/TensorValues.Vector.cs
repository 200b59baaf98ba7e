using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Embeddings.Tensors;

// Whole vectors; the number of values done is returned.
internal static partial class TensorValues
{
    // Of a NaN, what says so without the lower half; of all others, what rounds up all above one half of the last place.
    private const uint Quiet = 0x400000, Almost = 0x7fff;

    // For elements of 1, 2 and 4 bytes: for each of three vectors of pixels, which byte of each plane stands where; 255 for none.
    private static readonly Vector128<byte>[][] s_places = [.. new[] { 1, 2, 4 }.Select(Places)];

    private static int ToBFloat16Vectors(ReadOnlySpan<float> values, Span<ushort> upper)
    {
        ref float source = ref MemoryMarshal.GetReference(values);
        ref ushort target = ref MemoryMarshal.GetReference(upper);
        int i = 0;
        for (; i <= values.Length - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
        {
            Vector128.Narrow(Upper(Vector128.LoadUnsafe(ref source, (nuint)i)),
                Upper(Vector128.LoadUnsafe(ref source, (nuint)(i + Vector128<float>.Count)))).StoreUnsafe(ref target, (nuint)i);
        }

        return i;

        static Vector128<uint> Upper(Vector128<float> values)
        {
            Vector128<uint> bits = values.AsUInt32();
            Vector128<uint> rounded = bits + Vector128.Create(Almost) + (bits >>> 16 & Vector128<uint>.One);
            return Vector128.ConditionalSelect(Vector128.Equals(values, values).AsUInt32(), rounded, bits | Vector128.Create(Quiet)) >>> 16;
        }
    }

    private static int FromBFloat16Vectors(ReadOnlySpan<ushort> upper, Span<float> values)
    {
        ref ushort source = ref MemoryMarshal.GetReference(upper);
        ref float target = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= upper.Length - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
        {
            (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)i));
            (low << 16).AsSingle().StoreUnsafe(ref target, (nuint)i);
            (high << 16).AsSingle().StoreUnsafe(ref target, (nuint)(i + Vector128<float>.Count));
        }

        return i;
    }

    // Ends before a value that is no level.
    private static int ToLevelsVectors(ReadOnlySpan<float> values, Span<byte> levels)
    {
        ref float source = ref MemoryMarshal.GetReference(values);
        ref byte target = ref MemoryMarshal.GetReference(levels);
        int i = 0;
        for (; i <= values.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<float> isLevel = Vector128<float>.AllBitsSet;
            Vector128<ushort> low = Vector128.Narrow(Levels(ref source, i, ref isLevel), Levels(ref source, i + 4, ref isLevel)),
                high = Vector128.Narrow(Levels(ref source, i + 8, ref isLevel), Levels(ref source, i + 12, ref isLevel));
            if (Vector128.ExtractMostSignificantBits(isLevel) != 0xf)
                return i;
            Vector128.Narrow(low, high).StoreUnsafe(ref target, (nuint)i);
        }

        return i;

        static Vector128<uint> Levels(ref float source, int place, ref Vector128<float> isLevel)
        {
            Vector128<float> values = Vector128.LoadUnsafe(ref source, (nuint)place), whole = Vector128.Round(values);
            isLevel &= Vector128.LessThanOrEqual(Vector128.Abs(values - whole), Vector128.Create(Tolerance))
                & Vector128.GreaterThanOrEqual(whole, Vector128<float>.Zero)
                & Vector128.LessThanOrEqual(whole, Vector128.Create((float)byte.MaxValue));
            return Vector128.ConvertToInt32(whole).AsUInt32();
        }
    }

    private static int InterleaveVectors(ReadOnlySpan<byte> planes, Span<byte> pixels, int size)
    {
        Vector128<byte>[] places = s_places[int.Log2(size)];
        ref byte source = ref MemoryMarshal.GetReference(planes);
        ref byte target = ref MemoryMarshal.GetReference(pixels);
        int plane = planes.Length / Channels, i = 0;
        for (; i <= plane - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            for (int vector = 0; vector < Channels; vector++)
            {
                Vector128<byte> mixed = Vector128<byte>.Zero;
                for (int channel = 0; channel < Channels; channel++)
                {
                    mixed |= Vector128.Shuffle(Vector128.LoadUnsafe(ref source, (nuint)(channel * plane + i)),
                        places[vector * Channels + channel]);
                }

                mixed.StoreUnsafe(ref target, (nuint)(i * Channels + vector * Vector128<byte>.Count));
            }
        }

        return i / size;
    }

    private static Vector128<byte>[] Places(int size) => [.. Enumerable.Range(0, Channels).SelectMany(
        vector => Enumerable.Range(0, Channels).Select(channel => Vector128.Create([.. Enumerable.Range(0, Vector128<byte>.Count)
            .Select(place =>
            {
                int element = (vector * Vector128<byte>.Count + place) / size;
                return element % Channels == channel ? (byte)(element / Channels * size + place % size) : byte.MaxValue;
            })])))];
}
