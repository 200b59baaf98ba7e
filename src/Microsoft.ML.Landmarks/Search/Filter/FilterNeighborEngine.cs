using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>
/// Exact search on the CPU that computes few products. A filter of bytes on a few coordinates finds for each query the rows that may be among the
/// best, by a proved upper bound of their scores; bytes of all coordinates leave a few of those; they are scored by <see cref="ExactDot"/>.
/// </summary>
/// <remarks>
/// <para>The bound. With mean m, x' = x - m, and offsets a_q = q · m - m · m and b_t = t · m - penalty, the score of row t for query q is
/// q' · t' + a_q + b_t. On orthonormal axes x' has the prefix y and a rest of length ρ, so that q' · t' ≤ y_q · y_t + ρ_q ρ_t, and
/// ρ_q ρ_t ≤ (λ ρ_q² + ρ_t² / λ) / 2 for any λ (<see cref="FilterScales.Balance"/>). Prefixes are quantised: y = s v + a rest of length e, so that
/// y_q · y_t ≤ u v_q · v_t + e_q |s_G v_t| + |y_q| e_t with u = s_Q s_G. With X ≥ |y_q| and Y ≥ |s_G v_t| each term belongs to one side: a row passes where
/// v_q · v_t + c_t ≥ θ_q, c_t = ⌈(b_t + X e_t + ρ_t² / 2λ) / u⌉ (<see cref="FilterBlock"/>) and
/// θ_q = ⌈(τ - a_q - Y e_q - λ ρ_q² / 2 - slack) / u⌉ (<see cref="FilterQueries"/>), τ being the k-th best score so far. A query longer than X adds
/// what it is longer, times the largest e_t, to the slack; the rest of the slack is for rounding. Sums of codes are whole numbers, so that c_t and θ_q may both be rounded up.</para>
/// <para>The second bound has all coordinates, rotated (<see cref="Hadamard"/>) and quantised for each vector: w = σ v + a rest of length f, and
/// q' · t' ≤ σ_q σ_t v_q · v_t + f_q |σ_t v_t| + |w_q| f_t.</para>
/// <para>Rounding. With ε for <see cref="FilterSpace.PrefixError"/> in the first bound and <see cref="FilterSpace.RotationError"/> in the second, and P for the largest penalty, the slack is
/// (ε (2 + ε) + 2^-22) |q'| max |t'| + (1 + P) (D + 1000) 2^-53. Rows have unit length, so that |m| ≤ 1 and |x'| ≤ 2. The steps:</para>
/// <list type="bullet">
/// <item>Centering rounds each value of x' by 2^-24 of itself, which changes q' · t' by at most (2 · 2^-24 + 2^-48) |q'| |t'|. 2^-22 is nearly twice that; the other half is for what is computed in double precision of lengths
/// and residuals, off by less than 2^-40 of itself. That the sum of λ ρ_q² / 2 and ρ_t² / 2λ is off by such a part of itself lowers what it bounds, ρ_q ρ_t ≤ |q'| |t'|, by no larger part.</item>
/// <item>The rotation moves x' by at most <see cref="Hadamard.RelativeError"/> |x'|.</item>
/// <item>The projection rounds a coordinate of y by at most (128 + chains) 2^-24 |x'|: chains of 128 products (n roundings of a sum of n products are at most n 2^-24 Σ |products|, to first order), and then the sum of the chains.
/// Axes are off by <see cref="PrincipalAxes.RoundingUnits"/>. Of d coordinates both are √d times that, ε |x'|. The unit that is to spare there is for terms of second order, far below a unit, and for the
/// rounding of ρ².</item>
/// <item>Vectors that are off by ε of their lengths change a product by at most ε (2 + ε) |q'| |t'|. ρ² is |x'|² less the square of |y| - ε |x'|, so that it is never too small; |y_q| and |w_q| are taken as (1 + ε) |q'|.</item>
/// <item>e, f, |s_G v| and |σ v| are measured in single precision, and enlarged by what that can lose (<see cref="ByteCodes"/>).</item>
/// <item>The score, q · m, t · m and m · m are sums in double precision, of chains of D / 32 products: each is off by at most (D / 32 + 6) 2^-53. Some twenty operations on numbers up to 12 + P make a bound of them, or a threshold. Together that is
/// less than (D / 8 + 264 + 20 P) 2^-53. What products of single precision lose near 0 is below 2^-100.</item>
/// </list>
/// </remarks>
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
            search.Run((int)((long)Index.LeafCount * range / ranges), (int)((long)Index.LeafCount * (range + 1) / ranges), parallelism.CancellationToken);
        });
        Merge(found, best, k, count);
    }

    public INeighborEngine WithPenalties(double[] penalties) => new FilterNeighborEngine(_gallery, penalties, Kernel, Index.WithPenalties(_penalties, penalties));

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

    /// <summary>The exact score of a row.</summary>
    public Neighbor Score(ReadOnlySpan<float> query, int row)
        => new(row, ExactDot.Compute(query, _gallery[row]) - (_penalties is null ? 0 : _penalties[row]));

    private FilterBlock BlockOfRow(int row) => Index.BlockOf(row / ByteProducts.Rows);

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
            scan.Run((int)((long)Index.LeafCount * range / ranges), (int)((long)Index.LeafCount * (range + 1) / ranges), parallelism.CancellationToken);
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
