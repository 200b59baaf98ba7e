using System.Buffers;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Resizes 8-bit images as OpenCV's <c>resize(…, INTER_CUBIC)</c> does, level for level: a = -0.75, no smoothing when shrinking, the
/// border repeated; weights of 11 bits, rows summed in integers, columns in single precision (modules/imgproc/src/resize.cpp, x86 without
/// IPP). What lies beside the wanted part is not computed.
/// </summary>
internal sealed partial class CubicResampler : Resampler
{
    // OpenCV sums columns in vectors of 8 levels; the levels that are left over at the end of a row are summed in integers.
    private const int LevelsPerVector = 8;

    // Below these a row is shorter than the vectors.
    private const int SmallestVectorWidth = CubicTaps.Count;
    private const int SmallestVectorSize = 11;

    private readonly Kernel _kernel;
    private readonly int _firstOfTail;
    // What each place of a line is made of, among the pixels of a row, and each line among the rows.
    private readonly CubicTaps[] _places, _lines;
    private readonly byte[] _vectorColumns = [];

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="kernel">The instructions.</param>
    public CubicResampler(PixelRows image, ResizedCrop crop, Kernel kernel) : base(image, crop)
    {
        _kernel = image.Width >= SmallestVectorWidth && Along.Count >= SmallestVectorSize ? kernel : Kernel.Scalar;
        long vectors = crop.ResizedWidth * Channels / LevelsPerVector * LevelsPerVector;
        _firstOfTail = (int)Math.Clamp(vectors - crop.Left * Channels, 0, Channels * crop.Width);
        _places = ArrayPool<CubicTaps>.Shared.Rent(Along.Count);
        _lines = ArrayPool<CubicTaps>.Shared.Rent(Across.Count);
        for (int line = 0; line < Across.Count; line++)
            _lines[line] = TapsOf(Across, line);
        for (int place = 0; place < Along.Count; place++)
            _places[place] = GivesColumns ? TapsOf(Along, place) : InRow(TapsOf(Along, place));
        if (!GivesColumns && _kernel == Kernel.Vector256)
        {
            _vectorColumns = ArrayPool<byte>.Shared.Rent(GetVector256ColumnsLength(Along.Count));
            FillVector256Columns(Places, _vectorColumns);
        }

        // Rows are resized in width to integers below 2^20, which Single holds.
        Hold(CubicTaps.Count, GivesColumns ? image.Width * PixelRows.BytesPerPixel : LineLength * sizeof(float));
    }

    private ReadOnlySpan<CubicTaps> Places => _places.AsSpan(0, Along.Count);

    public override void Dispose()
    {
        base.Dispose();
        ArrayPool<CubicTaps>.Shared.Return(_places);
        ArrayPool<CubicTaps>.Shared.Return(_lines);
        if (_vectorColumns.Length > 0)
            ArrayPool<byte>.Shared.Return(_vectorColumns);
    }

    protected override (int First, int Last) RowsOf(int line)
    {
        CubicTaps taps = _lines[line];
        return (taps.Source(0, Across.Original), taps.Source(CubicTaps.Count - 1, Across.Original));
    }

    protected override void Keep(ReadOnlySpan<byte> row, Span<byte> kept)
    {
        if (GivesColumns)
            row.CopyTo(kept);
        else
            ResizeRow(row, MemoryMarshal.Cast<byte, float>(kept));
    }

    protected override void Make(int line, Span<byte> levels)
    {
        if (GivesColumns)
            CombineColumn(line, levels);
        else
            CombineRows(line, levels);
    }

    private static CubicTaps TapsOf(ResizedSide side, int place) => CubicTaps.At(side.First + place, side.Resized, side.Original);

    private CubicTaps InRow(CubicTaps taps)
    {
        if (PixelsReversed)
            taps = taps.Reversed(Along.Original);
        return _kernel == Kernel.Scalar ? taps : taps.Inside(Along.Original);
    }

    private void ResizeRow(ReadOnlySpan<byte> pixels, Span<float> line)
    {
        switch (_kernel)
        {
            case Kernel.Vector256:
                ResizeRow256(pixels, _vectorColumns, line);
                break;
            case Kernel.Vector128:
                ResizeRow128(pixels, Places, line);
                break;
            default:
                ResizeRowScalar(pixels, Places, line);
                break;
        }
    }

    private void CombineRows(int y, Span<byte> levels)
    {
        CubicTaps taps = _lines[y];
        ReadOnlySpan<float> r0 = RowAt(0), r1 = RowAt(1), r2 = RowAt(2), r3 = RowAt(3);
        switch (_kernel)
        {
            case Kernel.Vector256:
                CombineRows256(r0, r1, r2, r3, taps, levels);
                break;
            case Kernel.Vector128:
                CombineRows128(r0, r1, r2, r3, taps, levels);
                break;
            default:
                CombineRowsScalar(r0, r1, r2, r3, taps, levels);
                break;
        }

        CombineTail(r0, r1, r2, r3, taps, _firstOfTail, levels);

        ReadOnlySpan<float> RowAt(int tap) => MemoryMarshal.Cast<byte, float>(KeptRow(taps.Source(tap, Across.Original)));
    }

    private void CombineColumn(int x, Span<byte> levels)
    {
        CubicTaps taps = _lines[x];
        ReadOnlySpan<byte> r0 = RowAt(0), r1 = RowAt(1), r2 = RowAt(2), r3 = RowAt(3);
        // Those of its levels that are in the tail of their row.
        int firstOfTail = Math.Clamp(_firstOfTail - x * Channels, 0, Channels);
        if (_kernel != Kernel.Scalar && firstOfTail == Channels)
            CombineColumn128(r0, r1, r2, r3, taps, Places, PixelsReversed, levels);
        else
            CombineColumnScalar(r0, r1, r2, r3, taps, Places, PixelsReversed, firstOfTail, levels);

        ReadOnlySpan<byte> RowAt(int tap) => KeptRow(taps.Source(tap, Across.Original));
    }
}
