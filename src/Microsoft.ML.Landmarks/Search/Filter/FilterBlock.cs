using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>Some rows of a gallery as the filter reads them.</summary>
internal sealed class FilterBlock
{
    private readonly FilterSpace _space;
    private readonly AlignedArray<byte> _prefixes;
    private readonly AlignedArray<int> _constants;
    private readonly AlignedArray<sbyte> _rows;
    private readonly FilterRow[] _bounds;

    /// <param name="space">The coordinates.</param>
    /// <param name="scales">The scales.</param>
    /// <param name="rows">Where the vectors are.</param>
    /// <param name="penalties">[n], of all rows; null for none.</param>
    /// <param name="first">The first row of the block.</param>
    /// <param name="count">Rows of the block.</param>
    /// <param name="cancellation">Stops the preparation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FilterBlock(FilterSpace space, FilterScales scales, UnitRows rows, double[]? penalties, int first, int count,
        CancellationToken cancellation)
    {
        int leaves = (count + ByteProducts.Rows - 1) / ByteProducts.Rows, d = space.PrefixDimension;
        _space = space;
        First = first;
        Count = count;
        _prefixes = new AlignedArray<byte>(leaves * ByteProducts.Rows * d);
        _constants = new AlignedArray<int>(leaves * ByteProducts.Rows);
        _rows = new AlignedArray<sbyte>(count * space.PaddedDimension);
        _bounds = new FilterRow[count];
        _constants.Span[count..].Fill(FilterBound.ConstantOfNoRow);

        var buffer = new FilterSpace.Buffer(space);
        var vectors = new float[Products.Queries * space.Dimension];
        var codes = new sbyte[ByteProducts.Rows * d];
        for (int row = 0; row < count; row++)
        {
            int inBuffer = row % Products.Queries, inLeaf = row % ByteProducts.Rows;
            if (inBuffer == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                int many = Math.Min(Products.Queries, count - row);
                for (int i = 0; i < many; i++)
                    rows[first + row + i].CopyTo(vectors.AsSpan(i * space.Dimension));
                space.Map(vectors.AsSpan(0, many * space.Dimension), buffer);
            }

            ReadOnlySpan<float> vector = vectors.AsSpan(inBuffer * space.Dimension, space.Dimension);
            double offset = FilterBound.OffsetOfRow(vector, space.Mean, penalties is null ? 0 : penalties[first + row]);
            _bounds[row] = FilterRow.Quantize(buffer.RotatedOf(inBuffer), offset, WritableRowOf(row));
            AddPrefix(row, buffer, inBuffer, scales, codes.AsSpan(inLeaf * d, d));
            if (inLeaf == ByteProducts.Rows - 1 || row == count - 1)
            {
                ByteProducts.PackRows(codes, _prefixes.Span.Slice(row / ByteProducts.Rows * codes.Length, codes.Length));
                Array.Clear(codes);
            }
        }
    }

    /// <summary>The rows of another block, less other penalties; their codes are shared.</summary>
    /// <param name="other">The other block.</param>
    /// <param name="scales">Its scales.</param>
    /// <param name="penalties">[n], of all rows, those of the other block; null for none.</param>
    /// <param name="otherPenalties">[n], of all rows.</param>
    public FilterBlock(FilterBlock other, FilterScales scales, double[]? penalties, double[] otherPenalties)
    {
        _space = other._space;
        _prefixes = other._prefixes;
        _rows = other._rows;
        (First, Count, Maxima) = (other.First, other.Count, other.Maxima);
        _constants = new AlignedArray<int>(other._constants.Length);
        other._constants.Span.CopyTo(_constants.Span);
        _bounds = new FilterRow[Count];
        for (int row = 0; row < Count; row++)
        {
            double difference = (penalties is null ? 0 : penalties[First + row]) - otherPenalties[First + row];
            _bounds[row] = other._bounds[row] with { Offset = other._bounds[row].Offset + difference };
            ref int constant = ref _constants.Span[row];
            constant = FilterBound.Constant(constant, difference, scales);
        }
    }

    /// <summary>The number in the gallery of the block's first row.</summary>
    public int First { get; }

    public int Count { get; }

    public FilterMaxima Maxima { get; private set; }

    public RowLeaf Leaf(int leaf)
    {
        int length = ByteProducts.Rows * _space.PrefixDimension;
        return new RowLeaf(_prefixes.Span.Slice(leaf * length, length), _constants.Span.Slice(leaf * ByteProducts.Rows, ByteProducts.Rows));
    }

    /// <summary>The codes of all coordinates of a row.</summary>
    public ReadOnlySpan<sbyte> RowOf(int row) => WritableRowOf(row);

    /// <summary>The codes of the rows of a leaf.</summary>
    public ReadOnlySpan<sbyte> RowsOf(int leaf)
    {
        int first = leaf * ByteProducts.Rows;
        return _rows.Span[(first * _space.PaddedDimension)..(Math.Min(first + ByteProducts.Rows, Count) * _space.PaddedDimension)];
    }

    public ref readonly FilterRow Bounds(int row) => ref _bounds[row];

    /// <summary>Brings near what a row is bounded by: its codes, and what their products can be off by.</summary>
    public void Fetch(int row)
    {
        CacheLines.Fetch(RowOf(row));
        CacheLines.Fetch(_bounds.AsSpan(row, 1));
    }

    private Span<sbyte> WritableRowOf(int row) => _rows.Span.Slice(row * _space.PaddedDimension, _space.PaddedDimension);

    private void AddPrefix(int row, FilterSpace.Buffer buffer, int inBuffer, FilterScales scales, Span<sbyte> codes)
    {
        (float error, float length) = ByteCodes.QuantizeLanes(buffer.PrefixOf(inBuffer), scales.Row, ByteProducts.MaxRowCode,
            ByteProducts.MaxRowLaneLength, codes);
        double term = FilterBound.TermOfRow(_bounds[row].Offset, error, buffer.Residuals[inBuffer], scales);
        _constants.Span[row] = FilterBound.Constant(term, scales);
        Maxima = FilterMaxima.Max(Maxima, new FilterMaxima(length, error, Math.Sqrt(buffer.Squares[inBuffer])));
    }
}
