using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>Queries as the filter reads them, with their thresholds.</summary>
internal sealed class FilterQueries
{
    // Limits of thresholds. A row whose constant was clamped at the top passes the largest; every row passes the smallest; none passes Never.
    private const double MostThreshold = 4e8, LeastThreshold = -6e8;
    private const int Never = 1 << 30;

    private readonly FilterIndex _index;
    private readonly FilterSpace _space;
    private readonly uint[] _codes, _laneStarts;
    private readonly int[] _starts;
    private readonly int[] _thresholds;
    private readonly sbyte[] _rows;
    private readonly FilterRow[] _bounds;
    private readonly double[] _lengths;
    private readonly double[] _slacks, _refinementSlacks;

    /// <param name="index">The gallery that is searched.</param>
    /// <param name="queries">[n, D].</param>
    public FilterQueries(FilterIndex index, ReadOnlySpan<float> queries)
    {
        _index = index;
        _space = index.Space;
        Count = queries.Length / _space.Dimension;
        GroupCount = (Count + ByteProducts.Queries - 1) / ByteProducts.Queries;
        int d = _space.PrefixDimension, places = GroupCount * ByteProducts.Queries;
        _codes = new uint[places * (d / ByteProducts.CoordinatesInStep)];
        _laneStarts = new uint[places * (d / ByteProducts.CoordinatesInChunk)];
        _starts = new int[_laneStarts.Length];
        _thresholds = new int[places];
        _rows = new sbyte[Count * _space.PaddedDimension];
        _bounds = new FilterRow[Count];
        _lengths = new double[Count];
        _slacks = new double[Count];
        _refinementSlacks = new double[Count];
        _thresholds.AsSpan(Count).Fill(Never);

        var buffer = new FilterSpace.Buffer(_space);
        var codes = new sbyte[ByteProducts.Queries * d];
        for (int group = 0; group < GroupCount; group++)
        {
            int first = group * ByteProducts.Queries, count = Math.Min(ByteProducts.Queries, Count - first);
            ReadOnlySpan<float> own = queries.Slice(first * _space.Dimension, count * _space.Dimension);
            _space.Map(own, buffer);
            for (int i = 0; i < count; i++)
                Add(first + i, own.Slice(i * _space.Dimension, _space.Dimension), buffer, i, codes.AsSpan(i * d, d));
            ByteProducts.PackQueries(codes.AsSpan(0, count * d), d, GroupPart(_codes, group), GroupPart(_laneStarts, group), GroupPart(_starts, group));
        }
    }

    public int Count { get; }

    public int GroupCount { get; }

    public QueryGroup Group(int group) => new(GroupPart(_codes, group), GroupPart(_laneStarts, group), GroupPart(_starts, group));

    /// <summary>What sums of the queries of a group must reach.</summary>
    public ReadOnlySpan<int> Thresholds(int group) => _thresholds.AsSpan(group * ByteProducts.Queries, ByteProducts.Queries);

    /// <summary>Sets what a query's rows must score at least.</summary>
    public void SetThreshold(int query, double score) => _thresholds[query] = ThresholdOf(query, score);

    /// <summary>What the sum of a row must reach that scores so much. Sums are whole numbers: one that reaches the threshold reaches it rounded up.</summary>
    public int ThresholdOf(int query, double score)
        => (int)Math.Clamp(Math.Ceiling((score - _slacks[query]) / _index.Scales.Unit), LeastThreshold, MostThreshold);

    /// <summary>About what a row scores, and the most it can, from all coordinates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Estimate, double Bound) Refine(int query, ReadOnlySpan<sbyte> row, in FilterRow bounds)
    {
        ref readonly FilterRow own = ref _bounds[query];
        ReadOnlySpan<sbyte> codes = _rows.AsSpan(query * _space.PaddedDimension, _space.PaddedDimension);
        double estimate = (double)own.Scale * bounds.Scale * ByteDot.Compute(codes, row) + own.Offset + bounds.Offset;
        return (estimate, estimate + own.Error * bounds.Length + bounds.Error * _lengths[query] + _refinementSlacks[query]);
    }

    private void Add(int query, ReadOnlySpan<float> vector, FilterSpace.Buffer buffer, int inBuffer, Span<sbyte> codes)
    {
        double length = Math.Sqrt(buffer.Squares[inBuffer]), residual = buffer.Residuals[inBuffer];
        _bounds[query] = FilterRow.Quantize(buffer.RotatedOf(inBuffer), ExactDot.Compute(vector, _space.Mean) - _space.MeanSquare, _rows.AsSpan(query * _space.PaddedDimension, _space.PaddedDimension));
        (float error, _) = ByteCodes.QuantizeLanes(buffer.PrefixOf(inBuffer), _index.Scales.Query, ByteProducts.MaxQueryCode, ByteProducts.MaxQueryLaneLength, codes);
        _lengths[query] = length * (1 + _space.RotationError);
        _slacks[query] = _bounds[query].Offset + error * _index.MaxPrefixLength + _index.Scales.Balance * residual * residual / 2
            + Math.Max(0, length * (1 + _space.PrefixError) - _index.Scales.QueryLength) * _index.MaxPrefixError + Rounding(length, _space.PrefixError);
        _refinementSlacks[query] = Rounding(length, _space.RotationError);
    }

    // What rounding can add to a score; the remarks of FilterNeighborEngine name the steps and their parts of it.
    private double Rounding(double length, double relativeError)
        => (relativeError * (2 + relativeError) + Math.ScaleB(1, -22)) * length * _index.MaxLength + (1 + _index.LargestPenalty) * (_space.Dimension + 1000) * Math.ScaleB(1, -53);

    private Span<T> GroupPart<T>(T[] all, int group) => all.AsSpan(group * (all.Length / GroupCount), all.Length / GroupCount);
}
