using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>
/// The search of one query in a range of leaves, by one thread. A query that comes alone waits for memory, so the bytes of the prefixes are
/// read once, in their order, and nothing else beside them: sums of all rows are kept, the best of them give a threshold that hardly rises
/// later, and only rows whose sums reach it are looked at again.
/// </summary>
internal sealed class FilterScan
{
    // What rows are bounded by is brought near while others are bounded; so many rows ahead.
    private const int RowsAhead = 12;

    // A few more than are needed: the order of sums is not that of scores.
    private const int SeedsBesideNeighbors = 8;

    private readonly FilterNeighborEngine _engine;
    private readonly FilterQueries _queries;
    private readonly int _query;
    private readonly ReadOnlyMemory<float> _vector;
    private readonly Memory<Neighbor> _best;

    /// <param name="engine">Where the rows are.</param>
    /// <param name="queries">All queries.</param>
    /// <param name="query">The number of this one.</param>
    /// <param name="vector">[D], the query.</param>
    /// <param name="best">[k], filled with <see cref="Neighbor.None"/>.</param>
    public FilterScan(FilterNeighborEngine engine, FilterQueries queries, int query, ReadOnlyMemory<float> vector, Memory<Neighbor> best)
    {
        _engine = engine;
        _queries = queries;
        _query = query;
        _vector = vector;
        _best = best;
    }

    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Run(int firstLeaf, int endLeaf, CancellationToken cancellation)
    {
        int[] sums = ArrayPool<int>.Shared.Rent((endLeaf - firstLeaf) * ByteProducts.Rows);
        try
        {
            var seeds = new SeedList(1, 1, _best.Length + SeedsBesideNeighbors);
            Sum(firstLeaf, endLeaf, sums, seeds, cancellation);
            ScoreSeeds(seeds.RowsOf(0));
            Refine(firstLeaf * ByteProducts.Rows, sums.AsSpan(0, (endLeaf - firstLeaf) * ByteProducts.Rows), cancellation);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(sums);
        }
    }

    private Span<Neighbor> Best => _best.Span;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(int firstLeaf, int endLeaf, int[] sums, SeedList seeds, CancellationToken cancellation)
    {
        FilterIndex index = _engine.Index;
        QueryGroup group = _queries.Group(_query / ByteProducts.Queries);
        for (int leaf = firstLeaf; leaf < endLeaf; leaf++)
        {
            if (leaf % FilterIndex.LeavesInBlock == 0)
                cancellation.ThrowIfCancellationRequested();
            RowLeaf rows = index.BlockOf(leaf).Leaf(leaf % FilterIndex.LeavesInBlock);
            Span<int> own = sums.AsSpan((leaf - firstLeaf) * ByteProducts.Rows, ByteProducts.Rows);
            ByteProducts.ComputeSingle(_engine.Kernel, group, _query % ByteProducts.Queries, rows, index.Space.PrefixDimension, own);
            for (ulong hits = ByteProducts.NotBelow(own, seeds.Thresholds(0, 1)[0]); hits != 0; hits &= hits - 1)
            {
                int place = BitOperations.TrailingZeroCount(hits), row = leaf * ByteProducts.Rows + place;
                if (IsPresent(row))
                    seeds.Insert(0, own[place], row);
            }
        }
    }

    // Beyond the last row the last leaf has places without a row.
    private bool IsPresent(int row) => row < _engine.RowCount;

    private void ScoreSeeds(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            CacheLines.Fetch(_engine.RowOf(row));
        foreach (int row in rows)
            TopK.Insert(Best, _engine.Rescoring.Score(_vector.Span, row));
    }

    /// <param name="firstRow">The row of the first sum.</param>
    /// <param name="sums">The sums of all rows.</param>
    /// <param name="cancellation">Looked at once in a while.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Refine(int firstRow, ReadOnlySpan<int> sums, CancellationToken cancellation)
    {
        Span<int> waiting = stackalloc int[RowsAhead];
        int threshold = Threshold(), count = 0;
        for (int start = 0; start < sums.Length; start += ByteProducts.Rows)
        {
            ulong hits = ByteProducts.NotBelow(sums.Slice(start, ByteProducts.Rows), threshold);
            if (hits == 0)
                continue;
            cancellation.ThrowIfCancellationRequested();
            for (; hits != 0; hits &= hits - 1)
            {
                int row = firstRow + start + BitOperations.TrailingZeroCount(hits);
                if (!IsPresent(row))
                    break;
                // The place of the one that came twelve before.
                ref int place = ref waiting[count++ % RowsAhead];
                if (count > RowsAhead)
                    threshold = Refine(place, threshold);
                place = row;
                _engine.Fetch(row);
            }
        }

        for (int i = Math.Max(0, count - RowsAhead); i < count; i++)
            threshold = Refine(waiting[i % RowsAhead], threshold);
    }

    /// <returns>The threshold, which rises with the k-th best score.</returns>
    private int Refine(int row, int threshold)
    {
        (_, double bound) = _queries.Refine(_query, _engine.CodesOf(row), _engine.BoundsOf(row));
        // It may have been found as a seed.
        if (Rescoring.IsRuledOut(Best, bound) || TopK.Contains(Best, row))
            return threshold;
        _engine.Rescoring.Offer(Best, _vector.Span, row, bound);
        return Threshold();
    }

    private int Threshold() => _queries.ThresholdOf(_query, TopK.Worst(Best));
}
