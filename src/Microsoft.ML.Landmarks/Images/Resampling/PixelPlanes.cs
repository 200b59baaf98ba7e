namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Pixels of 4 bytes to the channels R, G and B, one after the other.</summary>
internal sealed partial class PixelPlanes(Resampler.Kernel kernel)
{
    private const int Channels = 3;

    private bool IsVector => kernel != Resampler.Kernel.Scalar;

    /// <summary>All pixels. Shapes: pixels [n, 4], levels [3, n].</summary>
    public void Split(ReadOnlySpan<byte> pixels, Span<byte> levels)
    {
        int length = levels.Length / Channels, done = IsVector ? Split128(pixels, levels, length) : 0;
        for (int i = done; i < length; i++)
            Store(pixels.Slice(i * PixelRows.BytesPerPixel, Channels), levels, i, length);
    }

    /// <summary>Some pixels. Shapes: pixels [width, 4], places [n], levels [3, n].</summary>
    public void Pick(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> places, Span<byte> levels)
    {
        int length = places.Length, done = IsVector ? Pick128(pixels, places, levels) : 0;
        for (int i = done; i < length; i++)
            Store(pixels.Slice(places[i] * PixelRows.BytesPerPixel, Channels), levels, i, length);
    }

    private static void Store(ReadOnlySpan<byte> pixel, Span<byte> levels, int i, int length)
    {
        for (int c = 0; c < Channels; c++)
            levels[c * length + i] = pixel[c];
    }
}
