using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Pixels of 4 bytes to the channels R, G and B, one after the other.</summary>
internal sealed class PixelPlanes(Resampler.Kernel kernel)
{
    private const int Channels = 3;
    private const int PixelsPerStep = 4;

    private bool IsVector => kernel != Resampler.Kernel.Scalar;

    /// <summary>All pixels. Shapes: pixels [n, 4], levels [3, n].</summary>
    public void Split(ReadOnlySpan<byte> pixels, Span<byte> levels)
    {
        int length = levels.Length / Channels, done = 0;
        if (IsVector)
        {
            ref byte source = ref MemoryMarshal.GetReference(pixels);
            for (; done <= length - PixelsPerStep; done += PixelsPerStep)
                Store(Vector128.LoadUnsafe(ref source, (nuint)(done * PixelRows.BytesPerPixel)), levels, done, length);
        }

        for (int i = done; i < length; i++)
            Store(pixels.Slice(i * PixelRows.BytesPerPixel, Channels), levels, i, length);
    }

    /// <summary>Some pixels. Shapes: pixels [width, 4], places [n], levels [3, n].</summary>
    public void Pick(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> places, Span<byte> levels)
    {
        int length = places.Length, done = 0;
        if (IsVector)
        {
            ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>(pixels);
            for (; done <= length - PixelsPerStep; done += PixelsPerStep)
            {
                ReadOnlySpan<int> four = places.Slice(done, PixelsPerStep);
                Store(Vector128.Create(source[four[0]], source[four[1]], source[four[2]], source[four[3]]).AsByte(), levels, done, length);
            }
        }

        for (int i = done; i < length; i++)
            Store(pixels.Slice(places[i] * PixelRows.BytesPerPixel, Channels), levels, i, length);
    }

    private static void Store(ReadOnlySpan<byte> pixel, Span<byte> levels, int i, int length)
    {
        for (int c = 0; c < Channels; c++)
            levels[c * length + i] = pixel[c];
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
