using System.Buffers;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// OpenCV's INTER_AREA where both sides are divided by whole numbers: the mean of each block of pixels, of 2 x 2 in integers (halves up),
/// else of their sum in single precision (halves to even).
/// </summary>
internal sealed class OpenCvBlockResampler : Resampler
{
    private const int BitsOf2X2 = 2;

    private readonly PixelSums _sums;
    private readonly PixelPlanes _planes;
    private readonly PixelMeans _means;
    private readonly int _lengthOfBlock, _rowsOfBlock;
    private readonly bool _is2X2;
    private readonly int[] _weights;
    // Of the pixels of a row that are wanted, and of a line: [length, 4].
    private readonly int[] _sumsOfRow, _sumsOfLine;
    private readonly byte[] _pixels;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="width">The pixels of a block in a row of the picture.</param>
    /// <param name="height">The pixels of a block in a column of the picture.</param>
    /// <param name="kernel">The instructions.</param>
    public OpenCvBlockResampler(PixelRows image, ResizedCrop crop, int width, int height, Kernel kernel) : base(image, crop)
    {
        (_sums, _means, _planes) = (new PixelSums(kernel), new PixelMeans(kernel), new PixelPlanes(kernel));
        (_lengthOfBlock, _rowsOfBlock) = GivesColumns ? (height, width) : (width, height);
        _is2X2 = width == 2 && height == 2;
        _weights = ArrayPool<int>.Shared.Rent(_rowsOfBlock);
        Weights.Fill(1);
        _sumsOfRow = ArrayPool<int>.Shared.Rent(BytesOfRow);
        _sumsOfLine = ArrayPool<int>.Shared.Rent(Along.Count * PixelRows.BytesPerPixel);
        _pixels = ArrayPool<byte>.Shared.Rent(Along.Count * PixelRows.BytesPerPixel);
        Hold(_rowsOfBlock, BytesOfRow);
    }

    private int BytesOfRow => Along.Count * _lengthOfBlock * PixelRows.BytesPerPixel;

    private Span<int> Weights => _weights.AsSpan(0, _rowsOfBlock);

    public override void Dispose()
    {
        base.Dispose();
        ArrayPool<int>.Shared.Return(_weights);
        ArrayPool<int>.Shared.Return(_sumsOfRow);
        ArrayPool<int>.Shared.Return(_sumsOfLine);
        ArrayPool<byte>.Shared.Return(_pixels);
    }

    protected override (int First, int Last) RowsOf(int line)
    {
        int first = (int)(Across.First + line) * _rowsOfBlock;
        return (first, first + _rowsOfBlock - 1);
    }

    protected override void Keep(ReadOnlySpan<byte> row, Span<byte> kept)
    {
        int skipped = (int)Along.First * _lengthOfBlock * PixelRows.BytesPerPixel;
        row.Slice(PixelsReversed ? row.Length - skipped - kept.Length : skipped, kept.Length).CopyTo(kept);
    }

    // A sum of integers may be taken in any order: of whole rows first.
    protected override void Make(int line, Span<byte> levels)
    {
        Span<int> row = _sumsOfRow.AsSpan(0, BytesOfRow);
        _sums.Across(KeptRows, OffsetsOf(line), Weights, row);
        Span<int> sums = _sumsOfLine.AsSpan(0, Along.Count * PixelRows.BytesPerPixel);
        _sums.Blocks(row, _lengthOfBlock, PixelsReversed, sums);
        Span<byte> pixels = _pixels.AsSpan(0, sums.Length);
        if (_is2X2)
            _sums.Round(sums, BitsOf2X2, pixels);
        else
            _means.Round(sums, 1f / (_lengthOfBlock * _rowsOfBlock), pixels);
        _planes.Split(pixels, levels);
    }
}
