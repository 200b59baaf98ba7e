using System.Buffers;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// OpenCV's INTER_AREA where no side is enlarged: the mean of the area that a place covers, in single precision; rows of the picture are
/// summed in width, and those sums in height, both from the picture's first pixel on, which decides the rounding.
/// </summary>
internal sealed class OpenCvMeanResampler : TableResampler<float>
{
    private readonly PixelMeans _means;
    private readonly PixelPlanes _planes;
    // Of a row of the file and of a line: [length, 4].
    private readonly float[] _sumsOfRow, _sumsOfLine;
    private readonly byte[] _pixels;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="kernel">The instructions.</param>
    public OpenCvMeanResampler(PixelRows image, ResizedCrop crop, Kernel kernel) : base(image, crop, OpenCvArea.MeanTaps)
    {
        (_means, _planes) = (new PixelMeans(kernel), new PixelPlanes(kernel));
        _sumsOfRow = ArrayPool<float>.Shared.Rent(image.Width * PixelRows.BytesPerPixel);
        _sumsOfLine = ArrayPool<float>.Shared.Rent(Along.Count * PixelRows.BytesPerPixel);
        _pixels = ArrayPool<byte>.Shared.Rent(Along.Count * PixelRows.BytesPerPixel);
        Hold(TapsAcross.Taps,
            GivesColumns ? image.Width * PixelRows.BytesPerPixel : Along.Count * PixelRows.BytesPerPixel * sizeof(float));
    }

    public override void Dispose()
    {
        base.Dispose();
        ArrayPool<float>.Shared.Return(_sumsOfRow);
        ArrayPool<float>.Shared.Return(_sumsOfLine);
        ArrayPool<byte>.Shared.Return(_pixels);
    }

    protected override void ResizeAlong(ReadOnlySpan<byte> row, Span<byte> resized)
        => _means.Along<BytePixels>(row, TapsAlong, PixelsReversed, MemoryMarshal.Cast<byte, float>(resized));

    protected override void Make(int line, Span<byte> levels)
    {
        ReadOnlySpan<int> offsets = OffsetsOf(line);
        Span<float> sums = _sumsOfLine.AsSpan(0, Along.Count * PixelRows.BytesPerPixel);
        if (GivesColumns)
        {
            Span<float> row = _sumsOfRow.AsSpan(0, Along.Original * PixelRows.BytesPerPixel);
            _means.Across<BytePixels>(KeptRows, offsets, TapsAcross.WeightsOf(line), row);
            _means.Along<SinglePixels>(MemoryMarshal.AsBytes(row), TapsAlong, PixelsReversed, sums);
        }
        else
            _means.Across<SinglePixels>(KeptRows, offsets, TapsAcross.WeightsOf(line), sums);

        Span<byte> pixels = _pixels.AsSpan(0, sums.Length);
        _means.Round(sums, pixels);
        _planes.Split(pixels, levels);
    }
}
