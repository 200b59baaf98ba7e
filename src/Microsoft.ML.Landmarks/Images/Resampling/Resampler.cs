using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Makes the wanted part of a resized picture, as it is shown, while the rows of its file are read: its rows from the top or from the
/// bottom, and its columns where the rows of the file are columns. Of the file only the rows that the next line is made of are held, as
/// they are or resized in width.
/// </summary>
internal abstract class Resampler : IDisposable
{
    /// <summary>The instructions that are used; all give the same levels.</summary>
    internal enum Kernel
    {
        Scalar,
        Vector128,
        Vector256,
    }

    protected const int Channels = 3;

    private const int MostBytes = 1 << 30;

    private readonly Orientation _orientation;
    private readonly byte[] _levels;
    private byte[] _kept = [];
    private int[] _offsets = [];
    // The last rows that were read lie in a ring, the newest at its place.
    private int _keptRows, _bytesOfRow, _newest;
    private int _done, _rowsRead, _firstRow, _lastRow;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    protected Resampler(PixelRows image, ResizedCrop crop)
    {
        _orientation = image.Orientation;
        (Along, Across) = GivesColumns
            ? (new ResizedSide(image.Width, crop.ResizedHeight, crop.Top, crop.Height),
                new ResizedSide(image.Height, crop.ResizedWidth, crop.Left, crop.Width))
            : (new ResizedSide(image.Width, crop.ResizedWidth, crop.Left, crop.Width),
                new ResizedSide(image.Height, crop.ResizedHeight, crop.Top, crop.Height));
        _levels = ArrayPool<byte>.Shared.Rent(LineLength);
    }

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="resampling">The arithmetic.</param>
    public static Resampler Create(PixelRows image, ResizedCrop crop, ImageResampling resampling)
        => Create(image, crop, resampling, Fastest);

    /// <summary>For tests: with the instructions named.</summary>
    internal static Resampler Create(PixelRows image, ResizedCrop crop, ImageResampling resampling, Kernel kernel) => resampling switch
    {
        ImageResampling.OpenCvCubic => new CubicResampler(image, crop, kernel),
        ImageResampling.OpenCvArea => OpenCvArea.Create(image, crop, kernel),
        ImageResampling.PillowNearest => new PillowNearestResampler(image, crop, kernel),
        ImageResampling.PillowBox => new PillowResampler(image, crop, PillowFilter.Box, kernel),
        ImageResampling.PillowBilinear => new PillowResampler(image, crop, PillowFilter.Bilinear, kernel),
        ImageResampling.PillowHamming => new PillowResampler(image, crop, PillowFilter.Hamming, kernel),
        ImageResampling.PillowBicubic => new PillowResampler(image, crop, PillowFilter.Bicubic, kernel),
        _ => new PillowResampler(image, crop, PillowFilter.Lanczos, kernel),
    };

    internal static Kernel Fastest
        => Avx2.IsSupported ? Kernel.Vector256 : Vector128.IsHardwareAccelerated ? Kernel.Vector128 : Kernel.Scalar;

    /// <summary>Whether the lines are columns of the picture. Otherwise they are its rows.</summary>
    public bool GivesColumns => _orientation.RowsAreColumns;

    /// <summary>The side that lies along the rows of the file, as it is shown: from the end of the rows where
    /// <see cref="PixelsReversed"/>.</summary>
    protected ResizedSide Along { get; }

    /// <summary>The side that lies across the rows of the file, as it is shown.</summary>
    protected ResizedSide Across { get; }

    protected bool PixelsReversed => _orientation.PixelsReversed;

    protected int LineLength => Channels * Along.Count;

    protected ReadOnlySpan<byte> KeptRows => _kept.AsSpan(0, _keptRows * _bytesOfRow);

    // Lines are made in the order of the rows.
    private int Line => _orientation.RowsReversed ? Across.Count - 1 - _done : _done;

    /// <summary>Takes the next row of the file, after which <see cref="TryNext"/> is to be called until it has no more lines.</summary>
    public void Read(ReadOnlySpan<byte> row)
    {
        int y = _rowsRead++;
        if (_done == Across.Count || y < _firstRow)
            return;
        _newest = _newest + 1 < _keptRows ? _newest + 1 : 0;
        Keep(row, _kept.AsSpan(_newest * _bytesOfRow, _bytesOfRow));
    }

    /// <summary>The next line that the rows which were read suffice for.</summary>
    /// <param name="line">Its number, among those that are wanted.</param>
    /// <param name="levels">[3, width], or [3, height] of a column; valid until the next call.</param>
    public bool TryNext(out int line, out ReadOnlySpan<byte> levels)
    {
        line = Line;
        levels = default;
        if (_done == Across.Count || _rowsRead <= _lastRow)
            return false;
        Span<byte> made = _levels.AsSpan(0, LineLength);
        Make(line, made);
        levels = made;
        _done++;
        FindRowsOfLine();
        return true;
    }

    public virtual void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_levels);
        if (_kept.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_kept);
        ArrayPool<int>.Shared.Return(_offsets);
    }

    /// <summary>Says what is held of the rows of the file; what a constructor ends with.</summary>
    /// <param name="mostRows">The most rows that a line is made of.</param>
    /// <param name="bytesOfRow">What <see cref="Keep"/> makes of each.</param>
    /// <exception cref="InvalidDataException">They are too many to hold.</exception>
    protected void Hold(int mostRows, int bytesOfRow)
    {
        (_keptRows, _bytesOfRow) = (mostRows, bytesOfRow);
        if ((long)mostRows * bytesOfRow > MostBytes)
            throw Errors.SideTooLong(Across.Original, Across.Resized);
        _kept = ArrayPool<byte>.Shared.Rent(mostRows * bytesOfRow);
        _offsets = ArrayPool<int>.Shared.Rent(mostRows);
        FindRowsOfLine();
    }

    /// <summary>Where in <see cref="KeptRows"/> each row begins that a line is made of, in the order of the picture as it is shown; valid
    /// until the next call.</summary>
    protected ReadOnlySpan<int> OffsetsOf(int line)
    {
        (int first, int last) = RowsOf(line);
        Span<int> offsets = _offsets.AsSpan(0, last - first + 1);
        for (int i = 0; i < offsets.Length; i++)
            offsets[i] = OffsetOf(first + i);
        return offsets;
    }

    /// <summary>A row that is held, counted in the picture as it is shown.</summary>
    protected ReadOnlySpan<byte> KeptRow(int source) => _kept.AsSpan(OffsetOf(source), _bytesOfRow);

    /// <summary>The first and the last row that a line is made of, counted in the picture as it is shown.</summary>
    protected abstract (int First, int Last) RowsOf(int line);

    /// <summary>Holds a row of the file. Shapes: row [width, 4].</summary>
    protected abstract void Keep(ReadOnlySpan<byte> row, Span<byte> kept);

    /// <summary>Makes a line of the rows that are held.</summary>
    protected abstract void Make(int line, Span<byte> levels);

    private int OffsetOf(int source)
    {
        int y = _orientation.RowsReversed ? Across.Original - 1 - source : source;
        int place = _newest - (_rowsRead - 1 - y);
        return (place < 0 ? place + _keptRows : place) * _bytesOfRow;
    }

    private void FindRowsOfLine()
    {
        if (_done == Across.Count)
            return;
        (int first, int last) = RowsOf(Line);
        (_firstRow, _lastRow) = _orientation.RowsReversed ? (Across.Original - 1 - last, Across.Original - 1 - first) : (first, last);
    }
}
