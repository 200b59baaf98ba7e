using System.Buffers;
using System.Numerics.Tensors;
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
    // Codes of rows are brought near while others are bounded; so many rows ahead.
    private const int RowsAhead = 12;

    // A few more than are needed: the order of sums is not that of scores.
    private const int SeedsBesideNeighbors = 8;

    private readonly FilterNeighborEngine _engine;
    private readonly FilterQueries _queries;
    private readonly int _query, _k;
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
        _k = best.Length;
    }

    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Run(int firstLeaf, int endLeaf, CancellationToken cancellation)
    {
        int[] sums = ArrayPool<int>.Shared.Rent((endLeaf - firstLeaf) * ByteProducts.Rows);
        try
        {
            var seeds = new SeedList(1, 1, _k + SeedsBesideNeighbors);
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
            int least = seeds.Thresholds(0, 1)[0];
            if (TensorPrimitives.Max<int>(own) < least)
                continue;
            for (int row = 0; row < own.Length; row++)
            {
                if (own[row] >= seeds.Thresholds(0, 1)[0] && IsPresent(leaf * ByteProducts.Rows + row))
                    seeds.Insert(0, own[row], leaf * ByteProducts.Rows + row);
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
            ReadOnlySpan<int> leaf = sums.Slice(start, ByteProducts.Rows);
            if (TensorPrimitives.Max(leaf) < threshold)
                continue;
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < leaf.Length; i++)
            {
                int row = firstRow + start + i;
                if (leaf[i] < threshold || !IsPresent(row))
                    continue;
                // The place of the one that came twelve before.
                ref int place = ref waiting[count++ % RowsAhead];
                if (count > RowsAhead)
                    threshold = Refine(place, threshold);
                place = row;
                CacheLines.Fetch(_engine.CodesOf(row));
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
