using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Resizes 8-bit images as OpenCV's <c>resize(…, INTER_CUBIC)</c> does, level for level: a = -0.75, no smoothing when shrinking, the
/// border repeated; weights of 11 bits, rows summed in integers, columns in single precision (modules/imgproc/src/resize.cpp, x86 without IPP).
/// Gives the rows of the middle square from the top; what lies beside the square is not computed.
/// </summary>
internal sealed partial class CubicResampler : IDisposable
{
    /// <summary>The instructions that are used; all give the same levels.</summary>
    internal enum Kernel
    {
        Scalar,
        Vector128,
        Vector256,
    }

    private const int Channels = 3;

    // OpenCV sums columns in vectors of 8 levels; the levels that are left over at the end of a row are summed in integers.
    private const int LevelsPerVector = 8;

    // Below these a row is shorter than the vectors.
    private const int SmallestVectorWidth = CubicTaps.Count;
    private const int SmallestVectorSize = 11;

    private readonly PixelRows _image;
    private readonly CenterCrop _crop;
    private readonly Kernel _kernel;
    private readonly bool _isCopy;
    private readonly int _firstOfTail;
    private readonly CubicTaps[] _columns;
    private readonly byte[] _vectorColumns;
    private readonly byte[] _levels;
    // The last four source rows, resized in width: [3, size] each. Source row y is in line y % 4. Integers below 2^20, so Single holds them.
    private readonly float[] _lines;
    private Lines _kept;
    private int _y;

    /// <param name="image">The image; its rows are read while the rows of the square are made.</param>
    /// <param name="crop">The resized sides and the square.</param>
    public CubicResampler(PixelRows image, CenterCrop crop) : this(image, crop, Fastest)
    {
    }

    /// <summary>For tests: with the instructions named.</summary>
    internal CubicResampler(PixelRows image, CenterCrop crop, Kernel kernel)
    {
        _image = image;
        _crop = crop;
        _kernel = image.Width >= SmallestVectorWidth && crop.Size >= SmallestVectorSize ? kernel : Kernel.Scalar;
        _isCopy = crop.ResizedWidth == image.Width && crop.ResizedHeight == image.Height;
        _firstOfTail = (int)Math.Clamp(crop.ResizedWidth * Channels / LevelsPerVector * LevelsPerVector - crop.Left * Channels, 0, RowLength);
        _levels = ArrayPool<byte>.Shared.Rent(RowLength);
        _lines = ArrayPool<float>.Shared.Rent(CubicTaps.Count * RowLength);
        _columns = ArrayPool<CubicTaps>.Shared.Rent(crop.Size);
        for (int x = 0; x < crop.Size; x++)
        {
            CubicTaps taps = CubicTaps.At(crop.Left + x, crop.ResizedWidth, image.Width);
            _columns[x] = _kernel == Kernel.Scalar ? taps : taps.Inside(image.Width);
        }

        _vectorColumns = [];
        if (_kernel == Kernel.Vector256)
        {
            _vectorColumns = ArrayPool<byte>.Shared.Rent(GetVector256ColumnsLength(crop.Size));
            FillVector256Columns(Columns, _vectorColumns);
        }

        _kept = Lines.None;
    }

    internal static Kernel Fastest => Avx2.IsSupported ? Kernel.Vector256 : Vector128.IsHardwareAccelerated ? Kernel.Vector128 : Kernel.Scalar;

    private int RowLength => Channels * _crop.Size;

    private ReadOnlySpan<CubicTaps> Columns => _columns.AsSpan(0, _crop.Size);

    /// <summary>The next row of the square: levels [3, size], valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The file ends before the image does.</exception>
    public ReadOnlySpan<byte> NextRow()
    {
        int y = _y++;
        Span<byte> levels = _levels.AsSpan(0, RowLength);
        if (_isCopy)
        {
            CopyRow(_image.Row((int)_crop.Top + y).Slice((int)_crop.Left * PixelRows.BytesPerPixel, _crop.Size * PixelRows.BytesPerPixel), levels);
            return levels;
        }

        CubicTaps row = CubicTaps.At(_crop.Top + y, _crop.ResizedHeight, _image.Height);
        for (int tap = 0; tap < CubicTaps.Count; tap++)
        {
            int source = row.Source(tap, _image.Height);
            if (_kept[source % CubicTaps.Count] == source)
                continue;
            _kept[source % CubicTaps.Count] = source;
            ResizeRow(_image.Row(source), Line(source));
        }

        CombineRows(row, levels);
        return levels;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_levels);
        ArrayPool<float>.Shared.Return(_lines);
        ArrayPool<CubicTaps>.Shared.Return(_columns);
        if (_vectorColumns.Length > 0)
            ArrayPool<byte>.Shared.Return(_vectorColumns);
    }

    private Span<float> Line(int source) => _lines.AsSpan(source % CubicTaps.Count * RowLength, RowLength);

    private void ResizeRow(ReadOnlySpan<byte> pixels, Span<float> line)
    {
        switch (_kernel)
        {
            case Kernel.Vector256:
                ResizeRow256(pixels, _vectorColumns, line);
                break;
            case Kernel.Vector128:
                ResizeRow128(pixels, Columns, line);
                break;
            default:
                ResizeRowScalar(pixels, Columns, line);
                break;
        }
    }

    private void CombineRows(CubicTaps row, Span<byte> levels)
    {
        int height = _image.Height;
        ReadOnlySpan<float> r0 = Line(row.Source(0, height)), r1 = Line(row.Source(1, height)), r2 = Line(row.Source(2, height)), r3 = Line(row.Source(3, height));
        switch (_kernel)
        {
            case Kernel.Vector256:
                CombineRows256(r0, r1, r2, r3, row, levels);
                break;
            case Kernel.Vector128:
                CombineRows128(r0, r1, r2, r3, row, levels);
                break;
            default:
                CombineRowsScalar(r0, r1, r2, r3, row, levels);
                break;
        }

        CombineTail(r0, r1, r2, r3, row, _firstOfTail, levels);
    }

    /// <summary>Which source rows are kept, by line.</summary>
    [System.Runtime.CompilerServices.InlineArray(CubicTaps.Count)]
    private struct Lines
    {
        private int _source;

        public static Lines None
        {
            get
            {
                Lines none = default;
                ((Span<int>)none).Fill(-1);
                return none;
            }
        }
    }
}
