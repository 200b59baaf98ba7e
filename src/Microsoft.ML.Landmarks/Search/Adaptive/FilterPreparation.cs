using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using static System.FormattableString;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>
/// The filter of some rows, made at most once: when it would have saved as much time as it takes to make it, had it been there from the
/// first query on. So the two together never take more than about twice as long as the better of them, however many queries come. Safe for
/// use by several threads.
/// </summary>
/// <param name="rows">The rows to find.</param>
/// <param name="selection">The kernel, and what tests set.</param>
/// <param name="say">Told the choice.</param>
internal sealed class FilterPreparation(SearchedRows rows, EngineSelection selection, Action<string> say)
{
    // With fewer queries expected the shortest preparation would be the best, which is seldom best for those that come after them.
    private const int LeastExpected = 5_000;

    // Fewer products than these take some tenths of a second: there is so little to save that it isn't worth a look.
    private const double LeastProducts = 5e9;

    // All products of one query wait for the rows from memory; of many, they take so much less time each.
    private const int WorthOfLoneQuery = 8;

    private readonly Lock _preparing = new();
    private readonly ByteKernel _kernel = selection.Kernel ?? ByteKernels.Fastest;
    private long _asked;
    private volatile bool _isDecided;
    private volatile FilterNeighborEngine? _filter;

    public UnitRows Gallery => rows.Gallery;

    /// <summary>Searches the rows by all products.</summary>
    public FusedNeighborEngine Fused { get; } = new(rows.Gallery, rows.Penalties);

    /// <summary>Searches the rows; null while nothing is prepared.</summary>
    public FilterNeighborEngine? Filter => _filter;

    /// <summary>
    /// Counts queries that come now, and prepares the filter before them where it is time; who searches meanwhile does not wait for it.
    /// </summary>
    /// <param name="queries">How many.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <exception cref="OperationCanceledException">It was cancelled. It is begun again when as much was asked again.</exception>
    public void Count(int queries, ParallelOptions parallelism)
    {
        if (_isDecided)
            return;
        long asked = Interlocked.Add(ref _asked, queries < FusedNeighborEngine.LeastQueriesToPack ? queries * WorthOfLoneQuery : queries);
        if (!IsRepaidBy(asked, parallelism) || !_preparing.TryEnter())
            return;
        try
        {
            // As many again as there were.
            if (!_isDecided)
                Prepare(asked + Math.Max(asked, LeastExpected), isForced: false, parallelism);
        }
        catch (OperationCanceledException)
        {
            // Who gives each query a short time would lose every one of them.
            Interlocked.Exchange(ref _asked, 0);
            throw;
        }
        finally
        {
            _preparing.Exit();
        }
    }

    /// <summary>Prepares the filter now, where so many queries repay it.</summary>
    /// <param name="queries">How many will come.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Expect(long queries, ParallelOptions parallelism)
    {
        if (IsRepaidBy(queries, parallelism))
            Prepare(queries, isForced: false, parallelism);
        else
            SayFused(Invariant($"{queries:N0} queries are too few to prepare for"));
    }

    /// <summary>Prepares the filter now, whatever it costs.</summary>
    /// <inheritdoc cref="Expect"/>
    public void Force(long? queries, ParallelOptions parallelism) => Prepare(queries ?? LeastExpected, isForced: true, parallelism);

    private bool IsRepaidBy(long queries, ParallelOptions parallelism)
    {
        if (selection.RepayingQueries is { } repaying)
            return queries >= repaying;
        if ((double)rows.Gallery.Count * rows.Gallery.Dimension * queries < LeastProducts)
            return false;
        FilterCosts costs = CostsOf(queries, parallelism);
        return FilterPlanner.LeastNanoseconds(costs) < costs.Fused;
    }

    private void Prepare(long queries, bool isForced, ParallelOptions parallelism)
    {
        try
        {
            Decide(queries, isForced, parallelism);
        }
        catch (OutOfMemoryException) when (!isForced)
        {
            // Nobody loses an answer by that: all products give the same ones.
            SayFused("there is no memory for a filter");
        }

        _isDecided = true;
    }

    private void Decide(long queries, bool isForced, ParallelOptions parallelism)
    {
        FilterCosts costs = CostsOf(queries, parallelism);
        long start = Stopwatch.GetTimestamp();
        FilterPlan plan = FilterPlanner.Create(rows.Gallery, rows.Penalties, rows.LikelyQueries, Fused, costs, prefixDimension: null,
            parallelism);
        double planning = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        if (!isForced && selection.RepayingQueries is null && plan.Nanoseconds >= costs.Fused)
        {
            SayFused(Invariant(
                $"bytes would let {plan.ExpectedSurvivors:P1} of the rows pass, which takes longer with {queries:N0} queries"));
        }
        else
        {
            var filter = new FilterNeighborEngine(rows.Gallery, rows.Penalties, plan, _kernel, parallelism);
            int prefix = plan.Space.PrefixDimension;
            double survivors = plan.ExpectedSurvivors, search = costs.Fused / costs.SearchOf(prefix, survivors);
            double whole = costs.Fused / (planning + plan.Nanoseconds);
            say(string.Create(CultureInfo.InvariantCulture, $"{rows.Name}: {rows.Gallery.Count:N0} rows, filter engine, kernel {_kernel}, "
                + $"prefix of {prefix} from {rows.Gallery.Dimension} values, which lets {survivors:P2} of the rows pass; "
                + $"{queries:N0} queries are expected to take {search:F1} times less than by all products, "
                + $"{whole:F1} times with the preparation."));
            _filter = filter;
        }
    }

    private FilterCosts CostsOf(long queries, ParallelOptions parallelism)
        => new(selection.Rates ?? KernelRates.Of(_kernel), queries, rows.Gallery.Count, rows.Gallery.Dimension,
            ParallelLoop.ThreadsOf(parallelism));

    private void SayFused(string reason) => say(Invariant($"{rows.Name}: {rows.Gallery.Count:N0} rows, fused engine, since {reason}."));
}
