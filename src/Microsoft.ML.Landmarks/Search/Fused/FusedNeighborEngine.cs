using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Fused;

/// <summary>
/// Exact search on the CPU. Products in single precision are compared with the worst score that still counts as soon as they are made, so
/// that no matrix of scores is written; what may be among the best, by a bound on the rounding error, is scored by <see cref="ExactDot"/>.
/// </summary>
internal sealed class FusedNeighborEngine : INeighborEngine
{
    /// <summary>With fewer queries the rows are read where they lie, once for each, since the memory is the limit.</summary>
    public const int LeastQueriesToPack = 8;

    // Values of the queries that one thread compares with some panels of rows: enough to pay for packing the panels, few enough for the
    // cache of the third level.
    private const int ValuesOfQueries = 512 << 10;

    // Panels that are packed together: as much as stays in a core's cache of the second level, while the queries pass by from the third.
    private const int ValuesOfPanels = 32 << 10;

    // Values of the gallery that are worth a thread of their own, where one query is searched.
    private const int LeastValuesInRange = 1 << 20;

    // A thousand rows take a millisecond at most, unless they have many thousands of values.
    private const int RowsBetweenChecks = 1024;

    private readonly UnitRows _gallery;
    private readonly Rescoring _rescoring;
    private readonly float[] _singlePenalties;
    private readonly double _errorBound;

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
    public FusedNeighborEngine(UnitRows gallery, double[]? penalties)
    {
        _gallery = gallery;
        _rescoring = new Rescoring(gallery, penalties);
        _singlePenalties = new float[gallery.Count + Products.Rows];
        double largest = 0;
        for (int row = 0; row < penalties?.Length; row++)
        {
            _singlePenalties[row] = (float)penalties[row];
            largest = Math.Max(largest, Math.Abs(penalties[row]));
        }

        // |fl(q · t) - q · t| <= d u / (1 - d u) |q| |t| with u = 2^-24, in any order of summation (Higham, Accuracy and Stability of
        // Numerical Algorithms, 3.1). The lengths are 1 within rounding; doubling covers them. Then the penalty is rounded, and the
        // difference and the threshold: each by at most u times its size.
        double u = Math.ScaleB(1, -24);
        _errorBound = 2 * (gallery.Dimension + 1) * u + 8 * u * (1 + largest);
    }

    public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int d = _gallery.Dimension, k = numberOfNeighbors, queryCount = queries.Length / d;
        if (k >= _gallery.Count)
        {
            AllRows.Rank(_gallery, _rescoring, queries, k, best, parallelism);
            return;
        }

        best.Span.Fill(Neighbor.None);
        if (queryCount < LeastQueriesToPack)
        {
            for (int query = 0; query < queryCount; query++)
                SearchOne(queries.Slice(query * d, d), best.Slice(query * k, k), parallelism);
            return;
        }

        SearchBlocks(queries, k, best, parallelism);
    }

    /// <summary>
    /// For each query its nearest rows among others and these. Where the others are mostly nearer, that costs no more than the products.
    /// </summary>
    /// <param name="queries">[q, d], finite.</param>
    /// <param name="numberOfNeighbors">k.</param>
    /// <param name="best">[q, k], the nearest among the others, with numbers below 0, best first; <see cref="Neighbor.None"/> where there
    /// are fewer. Overwritten with those of both.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Improve(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        // The worst first: a heap.
        for (int first = 0; first < best.Length; first += numberOfNeighbors)
            best.Span.Slice(first, numberOfNeighbors).Reverse();
        SearchBlocks(queries, numberOfNeighbors, best, parallelism);
    }

    public INeighborEngine WithPenalties(double[] penalties) => new FusedNeighborEngine(_gallery, penalties);

    /// <param name="queries">[q, d].</param>
    /// <param name="k">Rows that are sought for each.</param>
    /// <param name="best">[q, k], heaps of those that are known, which become the best in order.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    private void SearchBlocks(ReadOnlyMemory<float> queries, int k, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int d = _gallery.Dimension, queryCount = queries.Length / d;
        // Blocks of about one size, as many for each thread as for the others.
        int groups = (queryCount + Products.Queries - 1) / Products.Queries, threads = ParallelLoop.ThreadsOf(parallelism);
        long rounds = ((long)groups * Products.Queries * d + (long)threads * ValuesOfQueries - 1) / ((long)threads * ValuesOfQueries);
        int block = Math.Min((int)((groups + rounds * threads - 1) / (rounds * threads)),
            Math.Max(1, CandidateList.MostQueries(k) / Products.Queries)) * Products.Queries;
        ParallelLoop.For((queryCount + block - 1) / block, parallelism, i =>
        {
            int first = i * block, count = Math.Min(block, queryCount - first);
            SearchBlock(queries.Slice(first * d, count * d).Span, k, best.Slice(first * k, count * k).Span, parallelism.CancellationToken);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SearchBlock(ReadOnlySpan<float> queries, int k, Span<Neighbor> best, CancellationToken cancellation)
    {
        int d = _gallery.Dimension, groupLength = d * Products.Queries, panelLength = d * Products.Rows;
        int groups = (queries.Length / d + Products.Queries - 1) / Products.Queries, panels = Math.Max(1, ValuesOfPanels / panelLength);
        float[] packed = ArrayPool<float>.Shared.Rent(groups * groupLength + panels * panelLength);
        Span<float> packedGroups = packed.AsSpan(0, groups * groupLength),
            packedPanels = packed.AsSpan(groups * groupLength, panels * panelLength);
        for (int group = 0; group < groups; group++)
            Products.Pack(Products.Part(queries, group, groupLength), d, Products.Queries,
                packedGroups.Slice(group * groupLength, groupLength));

        var candidates = new CandidateList(queries.Length / d, groups * Products.Queries, k, _errorBound);
        for (int query = 0; query < queries.Length / d; query++)
            candidates.Require(query, TopK.Worst(best.Slice(query * k, k)));
        var products = new float[Products.Queries * Products.Rows];
        int row = 0;
        foreach (ReadOnlyMemory<float> block in _gallery.Blocks)
        {
            for (ReadOnlySpan<float> rest = block.Span; !rest.IsEmpty;)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<float> rows = rest[..Math.Min(panels * panelLength, rest.Length)];
                rest = rest[rows.Length..];
                int filled = (rows.Length + panelLength - 1) / panelLength;
                for (int panel = 0; panel < filled; panel++)
                    Products.Pack(Products.Part(rows, panel, panelLength), d, Products.Rows,
                        packedPanels.Slice(panel * panelLength, panelLength));
                for (int group = 0; group < groups; group++)
                {
                    for (int panel = 0; panel < filled; panel++)
                    {
                        int firstRow = panel * Products.Rows, rowCount = Math.Min(Products.Rows, rows.Length / d - firstRow);
                        SearchTile(packedGroups.Slice(group * groupLength, groupLength),
                            packedPanels.Slice(panel * panelLength, panelLength), group * Products.Queries,
                            row + firstRow, rowCount, products, candidates, queries, best);
                    }
                }

                row += rows.Length / d;
            }
        }

        for (int query = 0; query < queries.Length / d; query++)
        {
            cancellation.ThrowIfCancellationRequested();
            Rescore(query, candidates, queries, best);
            TopK.Sort(best.Slice(query * k, k));
        }

        ArrayPool<float>.Shared.Return(packed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SearchTile(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, int firstQuery, int firstRow, int rowCount,
        Span<float> products, CandidateList candidates, ReadOnlySpan<float> queries, Span<Neighbor> best)
    {
        Span<uint> found = stackalloc uint[Products.Queries];
        ReadOnlySpan<float> penalties = _singlePenalties.AsSpan(firstRow, Products.Rows);
        Products.Compute(group, panel, products);
        if (!Products.FindNotBelow(products, penalties, candidates.Thresholds(firstQuery, Products.Queries), found))
            return;
        // Beyond the last row the panel holds zeros, whose scores mean nothing.
        uint present = (1u << rowCount) - 1;
        for (int query = 0; query < Products.Queries; query++)
        {
            for (uint rows = present & found[query]; rows != 0; rows &= rows - 1)
            {
                int row = BitOperations.TrailingZeroCount(rows);
                if (candidates.Add(firstQuery + query, firstRow + row, products[query * Products.Rows + row] - penalties[row]))
                    Rescore(firstQuery + query, candidates, queries, best);
            }
        }
    }

    private void Rescore(int query, CandidateList candidates, ReadOnlySpan<float> queries, Span<Neighbor> best)
    {
        int d = _gallery.Dimension, k = best.Length / (queries.Length / d);
        candidates.Rescore(query, _rescoring, queries.Slice(query * d, d), best.Slice(query * k, k));
    }

    /// <summary>One query: each thread searches a range of the rows, in their order, and the ranges are joined in theirs.</summary>
    private void SearchOne(ReadOnlyMemory<float> query, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int ranges = (int)Math.Clamp((long)_gallery.Count * _gallery.Dimension / LeastValuesInRange, 1,
            ParallelLoop.ThreadsOf(parallelism));
        if (ranges == 1)
        {
            SearchRange(query.Span, 0, _gallery.Count, best.Span, parallelism.CancellationToken);
            TopK.Sort(best.Span);
            return;
        }

        int k = best.Length;
        var found = new Neighbor[ranges * k];
        ParallelLoop.For(ranges, parallelism, range =>
        {
            Span<Neighbor> own = found.AsSpan(range * k, k);
            own.Fill(Neighbor.None);
            SearchRange(query.Span, (int)((long)_gallery.Count * range / ranges), (int)((long)_gallery.Count * (range + 1) / ranges),
                own, parallelism.CancellationToken);
        });
        foreach (Neighbor neighbor in found)
            TopK.Insert(best.Span, neighbor);
        TopK.Sort(best.Span);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SearchRange(ReadOnlySpan<float> query, int first, int end, Span<Neighbor> best, CancellationToken cancellation)
    {
        for (int row = first; row < end; row++)
        {
            if ((row - first) % RowsBetweenChecks == 0)
                cancellation.ThrowIfCancellationRequested();
            _rescoring.Offer(best, query, row, TensorPrimitives.Dot(query, _gallery[row]) - _singlePenalties[row] + _errorBound);
        }
    }
}
