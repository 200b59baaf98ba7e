using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>The search of a few queries in a range of leaves, by one thread.</summary>
internal sealed class FilterSearch
{
    // Rows of a leaf that may be among the best are brought near while others are found; so many, at most, wait to be scored.
    private const int MostWaiting = 32;

    private readonly FilterNeighborEngine _engine;
    private readonly FilterQueries _queries;
    private readonly ReadOnlyMemory<float> _vectors;
    private readonly Memory<Neighbor> _best;
    private readonly int _k;
    private readonly int[] _sums = new int[ByteProducts.Queries * ByteProducts.Rows];
    private readonly ulong[] _hits = new ulong[ByteProducts.Queries];
    private readonly (int Query, int Row, double Bound)[] _waiting = new (int, int, double)[MostWaiting];
    private int _waitingCount;

    /// <param name="engine">Where the rows are.</param>
    /// <param name="vectors">[n, D].</param>
    /// <param name="numberOfNeighbors">k.</param>
    /// <param name="best">[n, k], filled with <see cref="Neighbor.None"/>; the best rows, as <see cref="TopK"/> has them.</param>
    public FilterSearch(FilterNeighborEngine engine, ReadOnlyMemory<float> vectors, int numberOfNeighbors, Memory<Neighbor> best)
    {
        _engine = engine;
        _vectors = vectors;
        _best = best;
        _k = numberOfNeighbors;
        _queries = new FilterQueries(engine.Index, vectors.Span);
    }

    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Run(int firstLeaf, int endLeaf, CancellationToken cancellation)
    {
        Seed(firstLeaf, endLeaf);
        for (int query = 0; query < _queries.Count; query++)
            _queries.SetThreshold(query, TopK.Worst(NearestTo(query)));
        for (int leaf = firstLeaf; leaf < endLeaf; leaf++)
        {
            if (leaf % FilterIndex.LeavesInBlock == 0)
                cancellation.ThrowIfCancellationRequested();
            FilterLeaf(leaf, endLeaf);
        }
    }

    /// <summary>
    /// Finds good rows fast: those with the best products of the leading coordinates in some of the leaves. Any k rows will do to start
    /// with, since the k-th best of all is no worse than the k-th best of them; the better they are, the fewer rows pass the filter.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Seed(int firstLeaf, int endLeaf)
    {
        FilterIndex index = _engine.Index;
        int dimension = Math.Min(FilterNeighborEngine.SeedDimension, index.Space.PrefixDimension);
        var seeds = new SeedList(_queries.Count, _queries.GroupCount * ByteProducts.Queries, 2 * _k);
        int stride = FilterNeighborEngine.SeedStrideOf(endLeaf - firstLeaf);
        for (int leaf = firstLeaf; leaf < endLeaf; leaf += stride)
        {
            FilterBlock block = index.BlockOf(leaf);
            int leafInBlock = leaf % FilterIndex.LeavesInBlock, firstRow = block.First + leafInBlock * ByteProducts.Rows;
            RowLeaf rows = block.Leaf(leafInBlock);
            ulong present = Present(block, leafInBlock);
            for (int group = 0; group < _queries.GroupCount; group++)
            {
                int first = group * ByteProducts.Queries;
                ByteProducts.Compute(_engine.Kernel, _queries.Group(group), rows, dimension,
                    seeds.Thresholds(first, ByteProducts.Queries), _sums, _hits);
                for (int i = 0; i < ByteProducts.Queries; i++)
                {
                    for (ulong hits = _hits[i] & present; hits != 0; hits &= hits - 1)
                    {
                        int row = BitOperations.TrailingZeroCount(hits);
                        seeds.Insert(first + i, _sums[i * ByteProducts.Rows + row], firstRow + row);
                    }
                }
            }
        }

        for (int query = 0; query < _queries.Count; query++)
        {
            // These rows lie anywhere: while one query's are scored, the next one's are brought near.
            foreach (int row in query + 1 < _queries.Count ? seeds.RowsOf(query + 1) : [])
                _engine.Fetch(row);
            ScoreSeeds(query, seeds.RowsOf(query));
        }
    }

    private void ScoreSeeds(int query, ReadOnlySpan<int> rows)
    {
        Span<(double Estimate, int Row)> scored = new (double, int)[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            scored[i] = (_queries.Refine(query, _engine.CodesOf(rows[i]), _engine.BoundsOf(rows[i])).Estimate, rows[i]);
        }

        scored.Sort(static (a, b) => b.Estimate.CompareTo(a.Estimate));
        scored = scored[..Math.Min(_k, rows.Length)];
        foreach ((_, int row) in scored)
            CacheLines.Fetch(_engine.RowOf(row));
        foreach ((_, int row) in scored)
            TopK.Insert(NearestTo(query), _engine.Rescoring.Score(VectorOf(query), row));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FilterLeaf(int leaf, int endLeaf)
    {
        FilterIndex index = _engine.Index;
        FilterBlock block = index.BlockOf(leaf);
        int leafInBlock = leaf % FilterIndex.LeavesInBlock;
        RowLeaf rows = block.Leaf(leafInBlock);
        ulong present = Present(block, leafInBlock);
        // While this leaf is compared, all coordinates of the next are brought near: some of its rows will be needed.
        ReadOnlySpan<sbyte> next = leaf + 1 < endLeaf ? index.BlockOf(leaf + 1).RowsOf((leaf + 1) % FilterIndex.LeavesInBlock) : [];
        int fetched = 0;
        for (int group = 0; group < _queries.GroupCount; group++)
        {
            int upTo = (int)((long)next.Length * (group + 1) / _queries.GroupCount);
            CacheLines.Fetch(next[fetched..upTo]);
            fetched = upTo;
            ByteProducts.Compute(_engine.Kernel, _queries.Group(group), rows, index.Space.PrefixDimension, _queries.Thresholds(group),
                _sums, _hits);
            for (int i = 0; i < ByteProducts.Queries; i++)
            {
                for (ulong hits = _hits[i] & present; hits != 0; hits &= hits - 1)
                {
                    int row = leafInBlock * ByteProducts.Rows + BitOperations.TrailingZeroCount(hits);
                    Refine(group * ByteProducts.Queries + i, block, row);
                }
            }
        }

        ScoreWaiting();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Refine(int query, FilterBlock block, int rowInBlock)
    {
        Span<Neighbor> nearest = NearestTo(query);
        (_, double bound) = _queries.Refine(query, block.RowOf(rowInBlock), block.Bounds(rowInBlock));
        int row = block.First + rowInBlock;
        // It may have been found as a seed.
        if (Rescoring.IsRuledOut(nearest, bound) || TopK.Contains(nearest, row))
            return;
        CacheLines.Fetch(_engine.RowOf(row));
        _waiting[_waitingCount++] = (query, row, bound);
        if (_waitingCount == MostWaiting)
            ScoreWaiting();
    }

    private void ScoreWaiting()
    {
        foreach ((int query, int row, double bound) in _waiting.AsSpan(0, _waitingCount))
        {
            Span<Neighbor> nearest = NearestTo(query);
            double threshold = TopK.Worst(nearest);
            _engine.Rescoring.Offer(nearest, VectorOf(query), row, bound);
            if (TopK.Worst(nearest) > threshold)
                _queries.SetThreshold(query, TopK.Worst(nearest));
        }

        _waitingCount = 0;
    }

    // Beyond the last row of a block a leaf has places without a row.
    private static ulong Present(FilterBlock block, int leafInBlock)
    {
        int rows = block.Count - leafInBlock * ByteProducts.Rows;
        return rows >= ByteProducts.Rows ? ulong.MaxValue : (1UL << rows) - 1;
    }

    private Span<Neighbor> NearestTo(int query) => _best.Span.Slice(query * _k, _k);

    private ReadOnlySpan<float> VectorOf(int query)
        => _vectors.Span.Slice(query * _engine.Index.Space.Dimension, _engine.Index.Space.Dimension);
}
