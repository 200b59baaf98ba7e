using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Search.Torch;
using static System.FormattableString;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>Chooses the engine that searches a gallery, and says which and why.</summary>
internal static class NeighborEngines
{
    // 16 bytes each.
    private const int MostNeighborsAtOnce = 2 << 20;

    // With so few values a row there is so little to save that it isn't worth a look.
    private const int LeastDimension = 64;

    /// <summary>
    /// How many queries, at most, are given to an engine at once, so that their neighbors don't take ever more memory; at least one.
    /// </summary>
    /// <param name="numberOfNeighbors">k.</param>
    /// <param name="most">As many as suit otherwise.</param>
    public static int QueriesAtOnce(int numberOfNeighbors, int most)
        => Math.Clamp(MostNeighborsAtOnce / Math.Max(1, numberOfNeighbors), 1, most);

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
}
