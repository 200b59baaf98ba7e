using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>
/// Exact search on the CPU that computes few products. A filter of bytes on a few coordinates finds for each query the rows that may be
/// among the best, by a proved upper bound of their scores (<see cref="FilterBound"/>); bytes of all coordinates leave a few of those; they
/// are scored by <see cref="ExactDot"/>.
/// </summary>
internal sealed class FilterNeighborEngine : INeighborEngine
{
    /// <summary>Coordinates by which leaves are searched for thresholds.</summary>
    public const int SeedDimension = 64;

    // More rows to seed from make thresholds better ever more slowly; beyond this they cost more than they save, however large the gallery.
    private const int LeastSeedStride = 4, MostSeedLeaves = 64;

    // What a thread holds in its cache of the second level: the queries, while the leaves pass by.
    private const int BytesOfQueries = 256 << 10;
    private const int MostGroupsInBlock = 42;

    // Leaves that are worth a thread of their own, where there are fewer queries than threads.
    private const int LeastLeavesInRange = 64;

    // With more neighbors, more rows pass than are worth a filter, and each is looked for among the neighbors.
    private const int MostNeighbors = 256;

    private readonly UnitRows _gallery;
    private readonly double[]? _penalties;
    private readonly Lazy<FusedNeighborEngine> _fused;

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
    /// <param name="plan">How to search them.</param>
    /// <param name="kernel">One of <see cref="ByteKernels.Supported"/>.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    public FilterNeighborEngine(UnitRows gallery, double[]? penalties, FilterPlan plan, ByteKernel kernel, ParallelOptions parallelism)
        : this(gallery, penalties, kernel, new FilterIndex(plan, gallery, penalties, parallelism)) { }

    private FilterNeighborEngine(UnitRows gallery, double[]? penalties, ByteKernel kernel, FilterIndex index)
    {
        _gallery = gallery;
        _penalties = penalties;
        Kernel = kernel;
        Index = index;
        Rescoring = new Rescoring(gallery, penalties);
        _fused = new Lazy<FusedNeighborEngine>(() => new FusedNeighborEngine(gallery, penalties));
    }

    /// <summary>Whether so many neighbors are searched by the filter; all products are no slower otherwise.</summary>
    public static bool Helps(int numberOfNeighbors, int rows) => numberOfNeighbors <= MostNeighbors && numberOfNeighbors < rows;

    /// <summary>Of so many leaves, one in how many is searched for thresholds.</summary>
    public static int SeedStrideOf(int leaves) => Math.Max(LeastSeedStride, (leaves + MostSeedLeaves - 1) / MostSeedLeaves);

    /// <summary>Up to so many queries are searched one by one: a group of them is compared as fast, but reads more of each row.</summary>
    public int MostScanned { get; set; } = 4;

    public ByteKernel Kernel { get; }

    public FilterIndex Index { get; }

    public Rescoring Rescoring { get; }

    /// <summary>How many queries a thread holds, at most, while the leaves pass by.</summary>
    public static int QueriesInBlock(int dimension, int prefixDimension)
        => ByteProducts.Queries * Math.Clamp(BytesOfQueries / (ByteProducts.Queries * (dimension + prefixDimension)), 1, MostGroupsInBlock);

    public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int d = _gallery.Dimension, k = numberOfNeighbors, count = queries.Length / d;
        if (!Helps(k, _gallery.Count))
        {
            _fused.Value.Search(queries, k, best, parallelism);
            return;
        }

        best.Span.Fill(Neighbor.None);
        if (count == 0)
            return;
        if (count <= MostScanned)
        {
            Scan(queries, k, best, parallelism);
            return;
        }

        int threads = ParallelLoop.ThreadsOf(parallelism), groups = (count + ByteProducts.Queries - 1) / ByteProducts.Queries;
        int mostGroups = QueriesInBlock(Index.Space.PaddedDimension, Index.Space.PrefixDimension) / ByteProducts.Queries;
        int blocks = (groups + mostGroups - 1) / mostGroups;
        // As many for each thread.
        blocks = Math.Min((blocks + threads - 1) / threads * threads, groups);
        int queriesInBlock = (groups + blocks - 1) / blocks * ByteProducts.Queries;
        blocks = (count + queriesInBlock - 1) / queriesInBlock;
        int ranges = Math.Clamp(Index.LeafCount / LeastLeavesInRange, 1, (threads + blocks - 1) / blocks);

        Memory<Neighbor> found = ranges == 1 ? best : new Neighbor[ranges * count * k];
        if (ranges > 1)
            found.Span.Fill(Neighbor.None);
        ParallelLoop.For(blocks * ranges, parallelism, i =>
        {
            int range = i % ranges, first = i / ranges * queriesInBlock, own = Math.Min(queriesInBlock, count - first);
            var search = new FilterSearch(this, queries.Slice(first * d, own * d), k, found.Slice((range * count + first) * k, own * k));
            search.Run(LeafOf(range, ranges), LeafOf(range + 1, ranges), parallelism.CancellationToken);
        });
        Merge(found, best, k, count);
    }

    public INeighborEngine WithPenalties(double[] penalties)
        => new FilterNeighborEngine(_gallery, penalties, Kernel, Index.WithPenalties(_penalties, penalties));

    public int RowCount => _gallery.Count;

    /// <summary>The row itself.</summary>
    public ReadOnlySpan<float> RowOf(int row) => _gallery[row];

    /// <summary>The codes of all coordinates of a row.</summary>
    public ReadOnlySpan<sbyte> CodesOf(int row)
    {
        FilterBlock block = BlockOfRow(row);
        return block.RowOf(row - block.First);
    }

    /// <summary>What the products of these codes can be off by.</summary>
    public ref readonly FilterRow BoundsOf(int row)
    {
        FilterBlock block = BlockOfRow(row);
        return ref block.Bounds(row - block.First);
    }

    /// <summary>Brings near what <see cref="CodesOf"/> and <see cref="BoundsOf"/> give.</summary>
    public void Fetch(int row)
    {
        FilterBlock block = BlockOfRow(row);
        block.Fetch(row - block.First);
    }

    private FilterBlock BlockOfRow(int row) => Index.BlockOf(row / ByteProducts.Rows);

    // The first leaf of a range.
    private int LeafOf(int range, int ranges) => (int)((long)Index.LeafCount * range / ranges);

    private void Scan(ReadOnlyMemory<float> vectors, int k, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int d = _gallery.Dimension, count = vectors.Length / d;
        var queries = new FilterQueries(Index, vectors.Span);
        int ranges = Math.Clamp(Index.LeafCount / LeastLeavesInRange, 1, ParallelLoop.ThreadsOf(parallelism));
        Memory<Neighbor> found = ranges == 1 ? best : new Neighbor[ranges * count * k];
        if (ranges > 1)
            found.Span.Fill(Neighbor.None);
        ParallelLoop.For(count * ranges, parallelism, i =>
        {
            int range = i % ranges, query = i / ranges;
            var scan = new FilterScan(this, queries, query, vectors.Slice(query * d, d), found.Slice((range * count + query) * k, k));
            scan.Run(LeafOf(range, ranges), LeafOf(range + 1, ranges), parallelism.CancellationToken);
        });
        Merge(found, best, k, count);
    }

    // What was found in several ranges of leaves, [ranges, queries, k]; one range's is the result itself. Best first afterwards.
    private static void Merge(Memory<Neighbor> found, Memory<Neighbor> best, int k, int count)
    {
        for (int i = 0; found.Length > best.Length && i < found.Length; i++)
            TopK.Insert(best.Span.Slice(i / k % count * k, k), found.Span[i]);
        for (int query = 0; query < count; query++)
            TopK.Sort(best.Span.Slice(query * k, k));
    }
}
