using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Resizes 8-bit images as OpenCV's <c>resize(…, INTER_CUBIC)</c> does, level for level: a = -0.75, no smoothing when shrinking, the
/// border repeated; weights of 11 bits, rows summed in integers, columns in single precision (modules/imgproc/src/resize.cpp, x86 without
/// IPP). Gives a part of the image as it is shown, while the rows of the file are read: its rows from the top or from the bottom, and its
/// columns where the rows of the file are columns. Each needs four rows of the file. What lies beside the part is not computed.
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

    private readonly int _width, _height;
    private readonly Orientation _orientation;
    private readonly ResizedCrop _crop;
    private readonly int _lineSize, _lineCount;
    private readonly Kernel _kernel;
    private readonly int _firstOfTail;
    // What each place of a line is made of, among the pixels of a row.
    private readonly CubicTaps[] _places;
    private readonly byte[] _vectorColumns;
    private readonly byte[] _levels;
    // The last four rows that were of use; row y is in place y % 4. Those that become rows are resized in width, [3, size]: integers below
    // 2^20, so Single holds them. Those that become columns are kept as they are.
    private readonly float[] _lines = [];
    private readonly byte[] _rows = [];
    private int _done;
    private CubicTaps _line;
    private int _firstRow, _lastRow, _rowsRead;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and the part that is given.</param>
    public CubicResampler(PixelRows image, ResizedCrop crop) : this(image, crop, Fastest)
    {
    }

    /// <summary>For tests: with the instructions named.</summary>
    internal CubicResampler(PixelRows image, ResizedCrop crop, Kernel kernel)
    {
        (_width, _height, _orientation, _crop) = (image.Width, image.Height, image.Orientation, crop);
        (_lineSize, _lineCount) = GivesColumns ? (crop.Height, crop.Width) : (crop.Width, crop.Height);
        _kernel = image.Width >= SmallestVectorWidth && _lineSize >= SmallestVectorSize ? kernel : Kernel.Scalar;
        long vectors = crop.ResizedWidth * Channels / LevelsPerVector * LevelsPerVector;
        _firstOfTail = (int)Math.Clamp(vectors - crop.Left * Channels, 0, Channels * crop.Width);
        _levels = ArrayPool<byte>.Shared.Rent(LineLength);
        _places = ArrayPool<CubicTaps>.Shared.Rent(_lineSize);
        _vectorColumns = [];
        if (GivesColumns)
        {
            for (int y = 0; y < _lineSize; y++)
                _places[y] = CubicTaps.At(crop.Top + y, crop.ResizedHeight, _width);
            _rows = ArrayPool<byte>.Shared.Rent(CubicTaps.Count * RowLength);
        }
        else
        {
            for (int x = 0; x < _lineSize; x++)
            {
                CubicTaps taps = CubicTaps.At(crop.Left + x, crop.ResizedWidth, _width);
                if (_orientation.PixelsReversed)
                    taps = taps.Reversed(_width);
                _places[x] = _kernel == Kernel.Scalar ? taps : taps.Inside(_width);
            }

            _lines = ArrayPool<float>.Shared.Rent(CubicTaps.Count * LineLength);
            if (_kernel == Kernel.Vector256)
            {
                _vectorColumns = ArrayPool<byte>.Shared.Rent(GetVector256ColumnsLength(_lineSize));
                FillVector256Columns(Places, _vectorColumns);
            }
        }

        FindRowsOfLine();
    }

    internal static Kernel Fastest
        => Avx2.IsSupported ? Kernel.Vector256 : Vector128.IsHardwareAccelerated ? Kernel.Vector128 : Kernel.Scalar;

    /// <summary>Whether the lines are columns of the part. Otherwise they are its rows.</summary>
    public bool GivesColumns => _orientation.RowsAreColumns;

    private int LineLength => Channels * _lineSize;

    private int RowLength => _width * PixelRows.BytesPerPixel;

    private ReadOnlySpan<CubicTaps> Places => _places.AsSpan(0, _lineSize);

    // Lines are made in the order of the rows.
    private int Line => _orientation.RowsReversed ? _lineCount - 1 - _done : _done;

    /// <summary>Takes the next row of the file, after which <see cref="TryNext"/> is to be called until it has no more lines.</summary>
    public void Read(ReadOnlySpan<byte> row)
    {
        int y = _rowsRead++;
        if (_done == _lineCount || y < _firstRow)
            return;
        if (GivesColumns)
            row.CopyTo(Kept(_rows, y, RowLength));
        else
            ResizeRow(row, Kept(_lines, y, LineLength));
    }

    /// <summary>The next line of the part that the rows which were read suffice for.</summary>
    /// <param name="line">Its number.</param>
    /// <param name="levels">[3, width], for a column [3, height], valid until the next call.</param>
    public bool TryNext(out int line, out ReadOnlySpan<byte> levels)
    {
        line = Line;
        levels = default;
        if (_done == _lineCount || _rowsRead <= _lastRow)
            return false;
        Span<byte> made = _levels.AsSpan(0, LineLength);
        if (GivesColumns)
            CombineColumn(line, made);
        else
            CombineRows(made);
        levels = made;
        _done++;
        FindRowsOfLine();
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_levels);
        ArrayPool<CubicTaps>.Shared.Return(_places);
        if (_lines.Length > 0)
            ArrayPool<float>.Shared.Return(_lines);
        if (_rows.Length > 0)
            ArrayPool<byte>.Shared.Return(_rows);
        if (_vectorColumns.Length > 0)
            ArrayPool<byte>.Shared.Return(_vectorColumns);
    }

    private static Span<T> Kept<T>(T[] rows, int y, int length) => rows.AsSpan(y % CubicTaps.Count * length, length);

    private void FindRowsOfLine()
    {
        if (_done == _lineCount)
            return;
        _line = GivesColumns
            ? CubicTaps.At(_crop.Left + Line, _crop.ResizedWidth, _height)
            : CubicTaps.At(_crop.Top + Line, _crop.ResizedHeight, _height);
        int first = RowOf(0), last = RowOf(CubicTaps.Count - 1);
        (_firstRow, _lastRow) = (Math.Min(first, last), Math.Max(first, last));
    }

    /// <summary>The row of the file that a tap of the line stands for.</summary>
    private int RowOf(int tap)
    {
        int row = _line.Source(tap, _height);
        return _orientation.RowsReversed ? _height - 1 - row : row;
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

    private void CombineRows(Span<byte> levels)
    {
        ReadOnlySpan<float> r0 = RowAt(0), r1 = RowAt(1), r2 = RowAt(2), r3 = RowAt(3);
        switch (_kernel)
        {
            case Kernel.Vector256:
                CombineRows256(r0, r1, r2, r3, _line, levels);
                break;
            case Kernel.Vector128:
                CombineRows128(r0, r1, r2, r3, _line, levels);
                break;
            default:
                CombineRowsScalar(r0, r1, r2, r3, _line, levels);
                break;
        }

        CombineTail(r0, r1, r2, r3, _line, _firstOfTail, levels);

        ReadOnlySpan<float> RowAt(int tap) => Kept(_lines, RowOf(tap), LineLength);
    }

    private void CombineColumn(int x, Span<byte> levels)
    {
        ReadOnlySpan<byte> r0 = RowAt(0), r1 = RowAt(1), r2 = RowAt(2), r3 = RowAt(3);
        // Those of its levels that are in the tail of their row.
        int firstOfTail = Math.Clamp(_firstOfTail - x * Channels, 0, Channels);
        if (_kernel != Kernel.Scalar && firstOfTail == Channels)
            CombineColumn128(r0, r1, r2, r3, _line, Places, _orientation.PixelsReversed, levels);
        else
            CombineColumnScalar(r0, r1, r2, r3, _line, Places, _orientation.PixelsReversed, firstOfTail, levels);

        ReadOnlySpan<byte> RowAt(int tap) => Kept(_rows, RowOf(tap), RowLength);
    }
}
