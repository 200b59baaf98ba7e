using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search;

/// <summary>
/// Neighbors of queries that want as many as there are rows: nothing is searched for. All rows are scored by <see cref="ExactDot"/> and put
/// in order.
/// </summary>
internal static class AllRows
{
    // Values of the rows that stay in a core's cache of the second level while some queries pass by.
    private const int ValuesOfRows = 32 << 10;

    private const int QueriesInGroup = 8;

    /// <summary>What <see cref="INeighborEngine.Search"/> promises.</summary>
    /// <param name="gallery">The rows.</param>
    /// <param name="rescoring">Their scores.</param>
    /// <param name="queries">[q, d].</param>
    /// <param name="numberOfNeighbors">k, at least as many as there are rows.</param>
    /// <param name="best">[q, k], overwritten.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static void Rank(UnitRows gallery, Rescoring rescoring, ReadOnlyMemory<float> queries, int numberOfNeighbors,
        Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int d = gallery.Dimension, k = numberOfNeighbors, count = queries.Length / d, rows = Math.Max(1, ValuesOfRows / d);
        int groups = (count + QueriesInGroup - 1) / QueriesInGroup, threads = ParallelLoop.ThreadsOf(parallelism);
        // Few queries are shared by rows.
        int ranges = groups < threads ? Math.Clamp(gallery.Count / rows, 1, threads) : 1;
        ParallelLoop.For(groups * ranges, parallelism, i =>
        {
            int firstQuery = i / ranges * QueriesInGroup, endQuery = Math.Min(firstQuery + QueriesInGroup, count), range = i % ranges;
            int end = (int)((long)gallery.Count * (range + 1) / ranges);
            for (int first = (int)((long)gallery.Count * range / ranges); first < end; first += rows)
            {
                parallelism.CancellationToken.ThrowIfCancellationRequested();
                for (int query = firstQuery; query < endQuery; query++)
                    Score(rescoring, queries.Span.Slice(query * d, d), first,
                        best.Span.Slice(query * k + first, Math.Min(rows, end - first)));
            }
        });
        ParallelLoop.For(count, parallelism, query =>
        {
            Span<Neighbor> own = best.Span.Slice(query * k, k);
            TopK.Sort(own[..gallery.Count]);
            own[gallery.Count..].Fill(Neighbor.None);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(Rescoring rescoring, ReadOnlySpan<float> query, int first, Span<Neighbor> scored)
    {
        for (int i = 0; i < scored.Length; i++)
            scored[i] = rescoring.Score(query, first + i);
    }
}
