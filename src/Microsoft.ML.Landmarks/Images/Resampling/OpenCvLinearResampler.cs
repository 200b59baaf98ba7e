using System.Buffers;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// OpenCV's INTER_AREA where a side is enlarged: between two pixels, in integers, first in width, then in height; the places of the pixels
/// are its own.
/// </summary>
internal sealed class OpenCvLinearResampler : Resampler
{
    // The sums of rows are of 11 bits; 4 are cut off before they are weighed again, and 16 after.
    private const int BitsLeft = 2;

    private readonly PixelSums _sums;
    private readonly PixelPlanes _planes;
    private readonly TapTable<int> _inWidth;
    private readonly LinearTaps[] _inHeight;
    // Of a row of the file and of a line: [length, 4].
    private readonly int[] _sumsOfRow, _sumsOfLine;
    private readonly byte[] _pixels;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="kernel">The instructions.</param>
    public OpenCvLinearResampler(PixelRows image, ResizedCrop crop, Kernel kernel) : base(image, crop)
    {
        (_sums, _planes) = (new PixelSums(kernel), new PixelPlanes(kernel));
        (ResizedSide width, ResizedSide height) = GivesColumns ? (Across, Along) : (Along, Across);
        _inWidth = new TapTable<int>(width, mostTaps: 2);
        for (int x = 0; x < width.Count; x++)
        {
            LinearTaps taps = OpenCvArea.LinearTapsAt(width, x);
            _inWidth.Set(x, taps.First, taps.First < width.Original - 1 ? [taps.Weight0, taps.Weight1] : [OpenCvArea.WeightOne]);
        }

        if (!GivesColumns && PixelsReversed)
            _inWidth.Reverse();
        _inHeight = ArrayPool<LinearTaps>.Shared.Rent(height.Count);
        for (int y = 0; y < height.Count; y++)
            _inHeight[y] = OpenCvArea.LinearTapsAt(height, y);
        _sumsOfRow = ArrayPool<int>.Shared.Rent(image.Width * PixelRows.BytesPerPixel);
        _sumsOfLine = ArrayPool<int>.Shared.Rent(Along.Count * PixelRows.BytesPerPixel);
        _pixels = ArrayPool<byte>.Shared.Rent(Along.Count * PixelRows.BytesPerPixel);
        Hold(mostRows: 2, GivesColumns ? image.Width * PixelRows.BytesPerPixel : Along.Count * PixelRows.BytesPerPixel * sizeof(int));
    }

    public override void Dispose()
    {
        base.Dispose();
        _inWidth.Dispose();
        ArrayPool<LinearTaps>.Shared.Return(_inHeight);
        ArrayPool<int>.Shared.Return(_sumsOfRow);
        ArrayPool<int>.Shared.Return(_sumsOfLine);
        ArrayPool<byte>.Shared.Return(_pixels);
    }

    protected override (int First, int Last) RowsOf(int line)
        => GivesColumns ? _inWidth.PixelsOf(line)
            : (_inHeight[line].First, _inHeight[line].Second(Across.Original));

    protected override void Keep(ReadOnlySpan<byte> row, Span<byte> kept)
    {
        if (GivesColumns)
            row.CopyTo(kept);
        else
            _sums.Along(row, _inWidth, MemoryMarshal.Cast<byte, int>(kept));
    }

    protected override void Make(int line, Span<byte> levels)
    {
        Span<int> sums = _sumsOfLine.AsSpan(0, Along.Count * PixelRows.BytesPerPixel);
        if (GivesColumns)
            SumColumn(line, sums);
        else
            SumRows(line, sums);
        Span<byte> pixels = _pixels.AsSpan(0, sums.Length);
        _sums.Round(sums, BitsLeft, pixels);
        _planes.Split(pixels, levels);
    }

    private void SumRows(int line, Span<int> sums)
    {
        LinearTaps taps = _inHeight[line];
        _sums.Blend(RowAt(taps.First), RowAt(taps.Second(Across.Original)), taps, sums);

        ReadOnlySpan<int> RowAt(int row) => MemoryMarshal.Cast<byte, int>(KeptRow(row));
    }

    private void SumColumn(int line, Span<int> sums)
    {
        Span<int> row = _sumsOfRow.AsSpan(0, Along.Original * PixelRows.BytesPerPixel);
        _sums.Across(KeptRows, OffsetsOf(line), _inWidth.WeightsOf(line), row);
        for (int y = 0; y < Along.Count; y++)
        {
            LinearTaps taps = _inHeight[y];
            _sums.Blend(PixelAt(row, PlaceOf(taps.First)), PixelAt(row, PlaceOf(taps.Second(Along.Original))), taps, PixelAt(sums, y));
        }

        int PlaceOf(int pixel) => PixelsReversed ? Along.Original - 1 - pixel : pixel;

        static Span<int> PixelAt(Span<int> row, int place) => row.Slice(place * PixelRows.BytesPerPixel, PixelRows.BytesPerPixel);
    }
}
