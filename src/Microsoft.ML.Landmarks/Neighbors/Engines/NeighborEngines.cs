using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Chooses the engine that searches a gallery, and says which and why.</summary>
internal static class NeighborEngines
{
    /// <summary>Queries that are reckoned with where nobody knows how many will come.</summary>
    public const int UnknownQueries = 5_000;

    // 16 bytes each.
    private const int MostNeighborsAtOnce = 2 << 20;

    // Below so many pairs, or with so few values a row, there is so little to save that it isn't worth a look.
    private const double LeastPairs = 1e8;
    private const int LeastDimension = 64;

    /// <summary>
    /// How many queries, at most, are given to an engine at once, so that their neighbors don't take ever more memory; at least one.
    /// </summary>
    /// <param name="numberOfNeighbors">k.</param>
    /// <param name="most">As many as suit otherwise.</param>
    public static int QueriesAtOnce(int numberOfNeighbors, int most)
        => Math.Clamp(MostNeighborsAtOnce / Math.Max(1, numberOfNeighbors), 1, most);

    /// <summary>An engine that searches <paramref name="gallery"/>, prepared.</summary>
    /// <param name="name">What the rows are, for the log.</param>
    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="likelyQueries">Rows like the queries that will come; they decide what is fast, not what is found.</param>
    /// <param name="queryCount">How many queries will come.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="channel">Told the choice.</param>
    /// <param name="selection">What is forced; null: what the environment says.</param>
    /// <exception cref="InvalidOperationException">An environment variable names no engine, or a kernel that this processor lacks.</exception>
    public static INeighborEngine Create(string name, UnitRows gallery, double[]? penalties, SearchDevice? device, UnitRows likelyQueries, long queryCount, ParallelOptions parallelism, IChannel channel,
        EngineSelection? selection = null)
    {
        selection ??= EngineSelection.FromEnvironment(Environment.GetEnvironmentVariable);
        ByteKernel kernel = selection.Kernel ?? ByteKernels.Fastest;
        bool isFilterForced = selection.Engine == EngineSelection.Filter;
        var fused = new FusedNeighborEngine(gallery, penalties);
        if (device is not null && selection.Engine is null)
        {
            Say($"{name}: {gallery.Count:N0} rows, torch engine on {device.Name}.");
            return device.CreateEngine(gallery, penalties, fused);
        }

        string? reason = gallery.Count == 0 ? "there is nothing to find"
            : isFilterForced ? null
            : selection.Engine == EngineSelection.Fused ? "it was asked for"
            : ByteKernels.Supported.Count == 1 ? "this processor has no vector instructions"
            : gallery.Dimension < LeastDimension ? $"{gallery.Dimension} values a row are few"
            : (double)gallery.Count * queryCount < LeastPairs ? FewQueries()
            : null;
        if (reason is not null)
            return UseFused(reason);

        var costs = new FilterCosts(selection.Rates ?? KernelRates.Of(kernel), queryCount, gallery.Count, gallery.Dimension, ParallelLoop.ThreadsOf(parallelism));
        if (!isFilterForced && FilterPlan.LeastNanoseconds(costs) >= costs.Fused)
            return UseFused(FewQueries());
        long start = Stopwatch.GetTimestamp();
        FilterPlan plan = FilterPlan.Create(gallery, penalties, likelyQueries, fused, costs, prefixDimension: null, parallelism);
        if (!isFilterForced && plan.Nanoseconds >= costs.Fused)
            return UseFused(FormattableString.Invariant($"bytes would let {plan.ExpectedSurvivors:P1} of the rows pass, which takes longer with {queryCount:N0} queries"));
        double planning = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        int prefix = plan.Space.PrefixDimension;
        Say($"""{name}: {gallery.Count:N0} rows, filter engine, kernel {kernel}, prefix of {prefix} from {gallery.Dimension} values, which lets {plan.ExpectedSurvivors:P2} of the rows pass; {queryCount:N0} queries are expected to take {costs.Fused / costs.SearchOf(prefix, plan.ExpectedSurvivors):F1} times less than by all products, {costs.Fused / (planning + plan.Nanoseconds):F1} times with the preparation.""");
        return new FilterNeighborEngine(gallery, penalties, plan, kernel, parallelism);

        string FewQueries() => FormattableString.Invariant($"{queryCount:N0} queries are too few to prepare for");

        FusedNeighborEngine UseFused(string reason)
        {
            Say($"{name}: {gallery.Count:N0} rows, fused engine, since {reason}.");
            return fused;
        }

        void Say(FormattableString message) => channel.Info(MessageSensitivity.None, FormattableString.Invariant(message));
    }
}
