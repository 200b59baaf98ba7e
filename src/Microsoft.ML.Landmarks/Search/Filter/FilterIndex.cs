using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>
/// A gallery prepared for the filter. Memory: D + d + 28 bytes a row, beside the rows themselves; D is rounded up to a multiple of 64.
/// Another one of the same rows with other penalties takes 28 more.
/// </summary>
internal sealed class FilterIndex
{
    private const int RowsInBlock = 64 * ByteProducts.Rows;

    /// <summary>Leaves in all blocks but the last.</summary>
    public const int LeavesInBlock = RowsInBlock / ByteProducts.Rows;

    private readonly FilterBlock[] _blocks;

    /// <param name="plan">Coordinates and scales.</param>
    /// <param name="rows">The gallery.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    public FilterIndex(FilterPlan plan, UnitRows rows, double[]? penalties, ParallelOptions parallelism)
    {
        Space = plan.Space;
        Scales = plan.Scales;
        _blocks = new FilterBlock[(rows.Count + RowsInBlock - 1) / RowsInBlock];
        ParallelLoop.For(_blocks.Length, parallelism, i =>
            _blocks[i] = new FilterBlock(Space, Scales, rows, penalties, i * RowsInBlock,
                Math.Min(RowsInBlock, rows.Count - i * RowsInBlock), parallelism.CancellationToken));
        LeafCount = (rows.Count + ByteProducts.Rows - 1) / ByteProducts.Rows;
        Maxima = _blocks.Select(block => block.Maxima).Aggregate(FilterMaxima.Max);
        LargestPenalty = Largest(penalties);
    }

    private FilterIndex(FilterIndex other, double[]? penalties, double[] otherPenalties)
    {
        Space = other.Space;
        Scales = other.Scales;
        LeafCount = other.LeafCount;
        _blocks = [.. other._blocks.Select(block => new FilterBlock(block, other.Scales, penalties, otherPenalties))];
        Maxima = other.Maxima;
        // Offsets were computed with the one, then with the difference: they have the rounding of both.
        LargestPenalty = other.LargestPenalty + Largest(otherPenalties);
    }

    public FilterSpace Space { get; }

    public FilterScales Scales { get; }

    public int LeafCount { get; }

    public FilterMaxima Maxima { get; }

    public double LargestPenalty { get; }

    /// <summary>The same rows, less other penalties; their codes are shared.</summary>
    public FilterIndex WithPenalties(double[]? penalties, double[] others) => new(this, penalties, others);

    /// <summary>The block of a leaf.</summary>
    public FilterBlock BlockOf(int leaf) => _blocks[leaf / LeavesInBlock];

    private static double Largest(double[]? penalties) => penalties is null ? 0 : penalties.Max(Math.Abs);
}
