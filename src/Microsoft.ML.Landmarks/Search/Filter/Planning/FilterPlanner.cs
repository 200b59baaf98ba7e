using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search.Filter.Planning;

/// <summary>Chooses how a gallery is searched: of some plans, the one that a sample says is the cheapest.</summary>
internal static class FilterPlanner
{
    private static readonly int[] s_prefixes = [64, 128, 192, 256, 384, 512];

    /// <summary>The least that the filter can take, with all that is prepared for it: no row passes the shortest prefix.</summary>
    public static double LeastNanoseconds(FilterCosts costs)
    {
        double ofAll = costs.FilterOf(costs.Dimension, survivors: 0);
        return costs.Sampling + (Prefixes(costs.Dimension) is [int shortest, ..]
            ? Math.Min(ofAll, costs.AxesOf(shortest) + costs.FilterOf(shortest, survivors: 0))
            : ofAll);
    }

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="likelyQueries">Rows like the queries that will come.</param>
    /// <param name="fused">Finds the neighbors of the sample.</param>
    /// <param name="costs">What the parts of the search cost.</param>
    /// <param name="prefixDimension">A prefix to take whatever it costs; the dimension or more for all coordinates; null: the
    /// cheapest.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    public static FilterPlan Create(UnitRows gallery, double[]? penalties, UnitRows likelyQueries, FusedNeighborEngine fused,
        FilterCosts costs, int? prefixDimension, ParallelOptions parallelism)
    {
        int dimension = gallery.Dimension;
        var sample = new FilterSample(gallery, penalties, likelyQueries, fused, parallelism);
        if (prefixDimension >= dimension)
            return OfAllCoordinates();
        if (prefixDimension is { } only)
            return OfPrefixes([only])[0];
        if (Prefixes(dimension) is not [int first, .. int[] others])
            return OfAllCoordinates();
        List<FilterPlan> plans = [OfPrefixes([first])[0]];
        // Mostly the shortest prefix is so good that another costs more even if no row passed.
        if (costs.FilterOf(dimension, survivors: 0) < Least())
            plans.Add(OfAllCoordinates());
        int[] promising = [.. others.Where(d => costs.AxesOf(d) + costs.FilterOf(d, LikelySurvivors(plans[0], d)) < Least())];
        if (promising.Length > 0)
            plans.AddRange(OfPrefixes(promising));
        return plans.MinBy(plan => plan.Nanoseconds)!;

        double Least() => Math.Min(costs.Fused, plans.Min(plan => plan.Nanoseconds));

        FilterPlan[] OfPrefixes(int[] prefixes)
        {
            float[] axes = sample.AxesOf(prefixes[^1]);
            return [.. prefixes.Select(d => sample.Judge(new FilterSpace(sample.Mean, axes.AsSpan(0, d * dimension).ToArray(), d), costs))];
        }

        FilterPlan OfAllCoordinates() => sample.Judge(new FilterSpace(sample.Mean, axes: null, 0), costs);
    }

    private static int[] Prefixes(int dimension) => [.. s_prefixes.Where(d => d <= dimension * 3 / 4)];

    // Rows of many kinds were seen to pass a prefix n times as long in a share of about the n²-th power, or more.
    private static double LikelySurvivors(FilterPlan plan, int prefix)
        => Math.Pow(plan.ExpectedSurvivors, Math.Pow((double)prefix / plan.Space.PrefixDimension, 2));
}
