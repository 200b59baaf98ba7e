using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>Queries as the filter reads them, with their thresholds.</summary>
internal sealed class FilterQueries
{
    private readonly FilterIndex _index;
    private readonly FilterSpace _space;
    private readonly uint[] _codes, _laneStarts;
    private readonly int[] _starts;
    private readonly int[] _thresholds;
    private readonly sbyte[] _rows;
    private readonly FilterRow[] _bounds;
    private readonly double[] _lengths;
    private readonly double[] _terms, _refinementSlacks;

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
        _terms = new double[Count];
        _refinementSlacks = new double[Count];
        _thresholds.AsSpan(Count).Fill(FilterBound.ThresholdOfNoQuery);

        var buffer = new FilterSpace.Buffer(_space);
        var codes = new sbyte[ByteProducts.Queries * d];
        for (int group = 0; group < GroupCount; group++)
        {
            int first = group * ByteProducts.Queries, count = Math.Min(ByteProducts.Queries, Count - first);
            ReadOnlySpan<float> own = queries.Slice(first * _space.Dimension, count * _space.Dimension);
            _space.Map(own, buffer);
            for (int i = 0; i < count; i++)
                Add(first + i, own.Slice(i * _space.Dimension, _space.Dimension), buffer, i, codes.AsSpan(i * d, d));
            ByteProducts.PackQueries(codes.AsSpan(0, count * d), d, GroupPart(_codes, group), GroupPart(_laneStarts, group),
                GroupPart(_starts, group));
        }
    }

    public int Count { get; }

    public int GroupCount { get; }

    public QueryGroup Group(int group) => new(GroupPart(_codes, group), GroupPart(_laneStarts, group), GroupPart(_starts, group));

    /// <summary>What sums of the queries of a group must reach.</summary>
    public ReadOnlySpan<int> Thresholds(int group) => _thresholds.AsSpan(group * ByteProducts.Queries, ByteProducts.Queries);

    /// <summary>Sets what a query's rows must score at least.</summary>
    public void SetThreshold(int query, double score) => _thresholds[query] = ThresholdOf(query, score);

    /// <summary>What the sum of a row must reach that scores so much.</summary>
    public int ThresholdOf(int query, double score) => FilterBound.Threshold(score, _terms[query], _index.Scales);

    /// <summary>About what a row scores, and the most it can, from all coordinates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Estimate, double Bound) Refine(int query, ReadOnlySpan<sbyte> row, in FilterRow bounds)
    {
        ref readonly FilterRow own = ref _bounds[query];
        ReadOnlySpan<sbyte> codes = _rows.AsSpan(query * _space.PaddedDimension, _space.PaddedDimension);
        double estimate = (double)own.Scale * bounds.Scale * ByteDot.Compute(codes, row) + own.Offset + bounds.Offset;
        return (estimate, FilterBound.OfAllCoordinates(estimate, own, bounds, _lengths[query], _refinementSlacks[query]));
    }

    private void Add(int query, ReadOnlySpan<float> vector, FilterSpace.Buffer buffer, int inBuffer, Span<sbyte> codes)
    {
        double length = Math.Sqrt(buffer.Squares[inBuffer]), offset = FilterBound.OffsetOfQuery(vector, _space.Mean, _space.MeanSquare);
        Span<sbyte> row = _rows.AsSpan(query * _space.PaddedDimension, _space.PaddedDimension);
        _bounds[query] = FilterRow.Quantize(buffer.RotatedOf(inBuffer), offset, row);
        _lengths[query] = FilterBound.LongestOf(length, _space.RotationError);
        _refinementSlacks[query] = RoundingOf(length, _space.RotationError);

        (float error, _) = ByteCodes.QuantizeLanes(buffer.PrefixOf(inBuffer), _index.Scales.Query, ByteProducts.MaxQueryCode,
            ByteProducts.MaxQueryLaneLength, codes);
        _terms[query] = FilterBound.TermOfQuery(offset, error, buffer.Residuals[inBuffer], _index.Maxima.PrefixLength, _index.Scales)
            + FilterBound.Excess(FilterBound.LongestOf(length, _space.PrefixError), _index.Maxima.PrefixError, _index.Scales)
            + RoundingOf(length, _space.PrefixError);
    }

    private double RoundingOf(double length, double relativeError)
        => FilterBound.Rounding(relativeError, length, _index.Maxima.Length, _index.LargestPenalty, _space.Dimension);

    private Span<T> GroupPart<T>(T[] all, int group) => all.AsSpan(group * (all.Length / GroupCount), all.Length / GroupCount);
}
