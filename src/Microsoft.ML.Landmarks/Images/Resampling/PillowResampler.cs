using System.Buffers;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Resizes 8-bit images as Pillow's <c>Image.resize</c> does, level for level: first in width, then in height, each sum rounded to a level;
/// a side that stays is left as it is.
/// </summary>
internal sealed class PillowResampler : TableResampler<int>
{
    private readonly PixelSums _sums;
    private readonly PixelPlanes _planes;
    // Of a line, or of a row of the file: sums [length, 4], levels [length, 4].
    private readonly int[] _sumsOfLine;
    private readonly byte[] _pixels;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="kernel">The instructions.</param>
    public PillowResampler(PixelRows image, ResizedCrop crop, PillowFilter filter, Kernel kernel) : base(image, crop, filter.Taps)
    {
        (_sums, _planes) = (new PixelSums(kernel), new PixelPlanes(kernel));
        int longest = Math.Max(GivesColumns ? image.Width : 0, Along.Count);
        _sumsOfLine = ArrayPool<int>.Shared.Rent(longest * PixelRows.BytesPerPixel);
        _pixels = ArrayPool<byte>.Shared.Rent(longest * PixelRows.BytesPerPixel);
        Hold(TapsAcross.Taps, (GivesColumns ? image.Width : Along.Count) * PixelRows.BytesPerPixel);
    }

    public override void Dispose()
    {
        base.Dispose();
        ArrayPool<int>.Shared.Return(_sumsOfLine);
        ArrayPool<byte>.Shared.Return(_pixels);
    }

    protected override void Make(int line, Span<byte> levels)
    {
        int length = (GivesColumns ? Along.Original : Along.Count) * PixelRows.BytesPerPixel;
        Span<byte> pixels = _pixels.AsSpan(0, length);
        SumRows(line, pixels);
        if (GivesColumns)
        {
            Span<byte> resized = _pixels.AsSpan(0, Along.Count * PixelRows.BytesPerPixel);
            ResizeAlong(pixels, resized);
            pixels = resized;
        }

        _planes.Split(pixels, levels);
    }

    protected override void ResizeAlong(ReadOnlySpan<byte> row, Span<byte> resized)
    {
        Span<int> sums = _sumsOfLine.AsSpan(0, resized.Length);
        _sums.Along(row, TapsAlong, sums);
        _sums.Round(sums, PillowFilter.WeightBits, resized);
    }

    private void SumRows(int line, Span<byte> pixels)
    {
        Span<int> sums = _sumsOfLine.AsSpan(0, pixels.Length);
        _sums.Across(KeptRows, OffsetsOf(line), TapsAcross.WeightsOf(line), sums);
        _sums.Round(sums, PillowFilter.WeightBits, pixels);
    }
}
