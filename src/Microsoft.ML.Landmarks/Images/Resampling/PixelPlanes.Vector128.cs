using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

// Portable: four pixels at once. The number of pixels done is returned.
internal sealed partial class PixelPlanes
{
    private const int PixelsPerStep = 4;

    private static int Split128(ReadOnlySpan<byte> pixels, Span<byte> levels, int length)
    {
        ref byte source = ref MemoryMarshal.GetReference(pixels);
        int i = 0;
        for (; i <= length - PixelsPerStep; i += PixelsPerStep)
            Store(Vector128.LoadUnsafe(ref source, (nuint)(i * PixelRows.BytesPerPixel)), levels, i, length);
        return i;
    }

    private static int Pick128(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> places, Span<byte> levels)
    {
        ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>(pixels);
        int i = 0;
        for (; i <= places.Length - PixelsPerStep; i += PixelsPerStep)
        {
            ReadOnlySpan<int> four = places.Slice(i, PixelsPerStep);
            Store(Vector128.Create(source[four[0]], source[four[1]], source[four[2]], source[four[3]]).AsByte(), levels, i, places.Length);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> four, Span<byte> levels, int i, int length)
    {
        Vector128<uint> apart = Vector128.Shuffle(four, Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15))
            .AsUInt32();
        ref byte red = ref Unsafe.Add(ref MemoryMarshal.GetReference(levels), i);
        Unsafe.WriteUnaligned(ref red, apart.GetElement(0));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref red, length), apart.GetElement(1));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref red, 2 * length), apart.GetElement(2));
    }
}
