using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using static System.FormattableString;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>Chooses the engine that searches a gallery, and says which and why.</summary>
internal static class NeighborEngines
{
    // 16 bytes each.
    private const int MostNeighborsAtOnce = 2 << 20;

    // With so few values a row there is so little to save that it isn't worth a look.
    private const int LeastDimension = 64;

    // A row by way of a filter takes some tenth of the time that it takes by all products: where more rows than such a part of all are
    // searched beside it, or in vain, they take about as long as the others. A few don't matter.
    private const int LeastChanged = 64, ChangedShare = 16;

    /// <summary>
    /// How many queries, at most, are given to an engine at once, so that their neighbors don't take ever more memory; at least one.
    /// </summary>
    /// <param name="numberOfNeighbors">k.</param>
    /// <param name="most">As many as suit otherwise.</param>
    public static int QueriesAtOnce(int numberOfNeighbors, int most)
        => Math.Clamp(MostNeighborsAtOnce / Math.Max(1, numberOfNeighbors), 1, most);

    /// <summary>Searches for all of many queries, in their order and as many at once as suit.</summary>
    /// <param name="engine">Searches them.</param>
    /// <param name="queries">[q, d].</param>
    /// <param name="numberOfNeighbors">k.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <returns>The number of the first query of some, how many these are, and [n, k] the rows that are nearest to each, best first, which
    /// the next ones overwrite.</returns>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static IEnumerable<(int First, int Count, ReadOnlyMemory<Neighbor> Nearest)> SearchAll(
        INeighborEngine engine, UnitRows queries, int numberOfNeighbors, ParallelOptions parallelism)
    {
        int d = queries.Dimension, k = numberOfNeighbors, done = 0;
        foreach (ReadOnlyMemory<float> block in queries.Blocks)
        {
            int rows = block.Length / d, most = QueriesAtOnce(k, rows);
            var nearest = new Neighbor[most * k];
            for (int first = 0; first < rows; first += most)
            {
                int count = Math.Min(most, rows - first);
                Memory<Neighbor> found = nearest.AsMemory(0, count * k);
                engine.Search(block.Slice(first * d, count * d), k, found, parallelism);
                yield return (done, count, found);
                done += count;
            }
        }
    }

    /// <summary>An engine that searches <paramref name="rows"/> from now on.</summary>
    /// <param name="rows">What is searched.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="expectedQueries">How many queries will come; null where nobody knows, so that nothing is prepared for them yet.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="say">Told each choice, now and later.</param>
    /// <param name="selection">What is forced; null: what the environment says.</param>
    /// <exception cref="InvalidOperationException">An environment variable names no engine, or a kernel that this processor
    /// lacks.</exception>
    /// <exception cref="OperationCanceledException">The preparation was cancelled.</exception>
    public static INeighborEngine Create(SearchedRows rows, SearchDevice? device, long? expectedQueries, ParallelOptions parallelism,
        Action<string> say, EngineSelection? selection = null)
    {
        selection ??= EngineSelection.FromEnvironment(Environment.GetEnvironmentVariable);
        if (device is not null && selection.Engine is null)
        {
            say(Invariant($"{rows.Name}: {rows.Gallery.Count:N0} rows, torch engine on {device.Name}."));
            return device.CreateEngine(rows.Gallery, rows.Penalties, new FusedNeighborEngine(rows.Gallery, rows.Penalties));
        }

        bool isFilterForced = selection.Engine == EngineSelection.Filter;
        string? reason = rows.Gallery.Count == 0 ? "there is nothing to find"
            : isFilterForced ? null
            : selection.Engine == EngineSelection.Fused ? "it was asked for"
            : ByteKernels.Supported.Count == 1 ? "this processor has no vector instructions"
            : rows.Gallery.Dimension < LeastDimension ? $"{rows.Gallery.Dimension} values a row are few"
            : null;
        if (reason is not null)
        {
            say(Invariant($"{rows.Name}: {rows.Gallery.Count:N0} rows, fused engine, since {reason}."));
            return new FusedNeighborEngine(rows.Gallery, rows.Penalties);
        }

        var preparation = new FilterPreparation(rows, selection, say);
        if (isFilterForced)
            preparation.Force(expectedQueries, parallelism);
        else if (expectedQueries is { } queries)
            preparation.Expect(queries, parallelism);
        else
            say(Invariant($"{rows.Name}: {rows.Gallery.Count:N0} rows, fused engine, until the queries repay a filter."));
        return new AdaptiveNeighborEngine(preparation);
    }

    /// <summary>Whether so many rows have come or gone that it does better to begin anew with those that there are.</summary>
    /// <param name="changed">How many came or went.</param>
    /// <param name="rows">How many there were.</param>
    public static bool AreMany(int changed, int rows) => changed > Math.Max(LeastChanged, rows / ChangedShare);

    /// <summary>An engine of rows that came of those of another one. It goes on with what that has prepared, until so much has changed that
    /// it does better to begin anew.</summary>
    /// <param name="engine">Searches the rows before; it may go on, and either may be disposed before the other.</param>
    /// <param name="change">How the rows came of them.</param>
    /// <param name="rows">What is searched.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="say">Told the choice, where it is made anew.</param>
    public static INeighborEngine Change(INeighborEngine engine, RowChange change, SearchedRows rows, SearchDevice? device,
        ParallelOptions parallelism, Action<string> say)
    {
        (INeighborEngine origin, RowChange whole) = ChangedNeighborEngine.Trace(engine, change);
        return AreMany(whole.AddedCount + whole.RemovedCount, whole.CountBefore)
            ? Create(rows, device, expectedQueries: null, parallelism, say)
            : new ChangedNeighborEngine(origin, whole, rows.Gallery, rows.Penalties);
    }
}
