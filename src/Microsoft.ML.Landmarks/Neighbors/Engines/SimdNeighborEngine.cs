using System.Numerics.Tensors;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Exact search on the CPU: a pass in single precision lets through what may be among the best, by a bound on its rounding error, and
/// those rows are scored by <see cref="ExactDot"/>.
/// </summary>
internal sealed class SimdNeighborEngine : INeighborEngine
{
    // Queries that are compared with one row while it is in the cache.
    private const int QueriesInTile = 16;

    private readonly UnitRows _gallery;
    private readonly double[]? _penalties;
    private readonly double _errorBound;

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
    public SimdNeighborEngine(UnitRows gallery, double[]? penalties)
    {
        _gallery = gallery;
        _penalties = penalties;
        // |fl(q · t) - q · t| <= d u / (1 - d u) |q| |t| with u = 2^-24, in any order of summation (Higham, Accuracy and Stability of
        // Numerical Algorithms, 3.1). The lengths are 1 within rounding; doubling covers them, and the rounding of the double sums.
        double u = Math.ScaleB(1, -24);
        _errorBound = 2 * (gallery.Dimension + 1) * u;
    }

    public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int queryCount = queries.Length / _gallery.Dimension;
        int tiles = (queryCount + QueriesInTile - 1) / QueriesInTile;
        ParallelLoop.For(tiles, parallelism, tile =>
        {
            int first = tile * QueriesInTile;
            int count = Math.Min(QueriesInTile, queryCount - first);
            SearchTile(queries.Span.Slice(first * _gallery.Dimension, count * _gallery.Dimension), numberOfNeighbors,
                best.Span.Slice(first * numberOfNeighbors, count * numberOfNeighbors), parallelism.CancellationToken);
        });
    }

    private void SearchTile(ReadOnlySpan<float> queries, int k, Span<Neighbor> best, CancellationToken cancellation)
    {
        best.Fill(Neighbor.None);
        int d = _gallery.Dimension, row = 0;
        foreach (ReadOnlyMemory<float> block in _gallery.Blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            for (ReadOnlySpan<float> rows = block.Span; !rows.IsEmpty; rows = rows[d..], row++)
            {
                double penalty = _penalties is null ? 0 : _penalties[row];
                for (int query = 0; query < queries.Length / d; query++)
                {
                    Span<Neighbor> nearest = best.Slice(query * k, k);
                    ReadOnlySpan<float> q = queries.Slice(query * d, d), t = rows[..d];
                    if (TensorPrimitives.Dot(q, t) - penalty + _errorBound >= nearest[^1].Score)
                        TopK.Insert(nearest, new Neighbor(row, ExactDot.Compute(q, t) - penalty));
                }
            }
        }
    }
}
