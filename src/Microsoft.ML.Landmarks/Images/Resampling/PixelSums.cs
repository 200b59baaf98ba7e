namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Weighted sums of pixels of 4 bytes in integers of 32 bits, modulo 2^32: whatever the instructions and the order, they are the same.
/// </summary>
internal sealed partial class PixelSums(Resampler.Kernel kernel)
{
    /// <summary>Sums neighboring pixels of a row. Shapes: pixels [width, 4], sums [places, 4].</summary>
    public void Along(ReadOnlySpan<byte> pixels, TapTable<int> taps, Span<int> sums)
    {
        switch (kernel)
        {
            case Resampler.Kernel.Vector256:
                Along256(pixels, taps, sums);
                break;
            case Resampler.Kernel.Vector128:
                Along128(pixels, taps, sums);
                break;
            default:
                AlongScalar(pixels, taps, sums);
                break;
        }
    }

    /// <summary>Sums several rows of pixels, the first byte of each at its offset. Shapes: offsets [rows], weights [rows], sums
    /// [width, 4].</summary>
    public void Across(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<int> sums)
    {
        int done = kernel switch
        {
            Resampler.Kernel.Vector256 => Across256(rows, offsets, weights, sums),
            Resampler.Kernel.Vector128 => Across128(rows, offsets, weights, sums),
            _ => 0,
        };
        AcrossScalar(rows, offsets, weights, sums, done);
    }

    /// <summary>Sums neighboring pixels that are sums themselves, as many for each place: from the first pixel on, or from the last one
    /// back where <paramref name="reversed"/>. Shapes: pixels [at least places * length, 4], sums [places, 4].</summary>
    public void Blocks(ReadOnlySpan<int> pixels, int length, bool reversed, Span<int> sums)
    {
        if (kernel == Resampler.Kernel.Scalar)
            BlocksScalar(pixels, length, reversed, sums);
        else
            Blocks128(pixels, length, reversed, sums);
    }

    /// <summary>Sums of two rows that are sums themselves, of 11 bits, as OpenCV takes them: cut, not rounded. Shapes: [n].</summary>
    public void Blend(ReadOnlySpan<int> first, ReadOnlySpan<int> second, LinearTaps taps, Span<int> sums)
    {
        int done = kernel == Resampler.Kernel.Scalar ? 0 : Blend128(first, second, taps, sums);
        BlendScalar(first, second, taps, sums, done);
    }

    /// <summary>Sums, weighted by <paramref name="bits"/> bits, to levels: halves up, and what is no level is the next one. Shapes:
    /// [n].</summary>
    public void Round(ReadOnlySpan<int> sums, int bits, Span<byte> levels)
    {
        int done = kernel switch
        {
            Resampler.Kernel.Vector256 => Round256(sums, bits, levels),
            Resampler.Kernel.Vector128 => Round128(sums, bits, levels),
            _ => 0,
        };
        RoundScalar(sums[done..], bits, levels[done..]);
    }
}
