using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter.Planning;

[TestClass]
public sealed class FilterPlannerTests
{
    // Of no processor in particular, so that choices are the same on all of them.
    private static readonly KernelRates s_rates = new(CoordinatesPerNanosecond: 150, SinglesPerNanosecond: 50);

    [TestMethod]
    public void Create_RowsOfManyKinds_IsJudgedByOtherRowsThanItsAxesWereFoundBy()
    {
        // Kinds and noise vary in all directions alike, so that 192 axes hold more of the rows that they were found by than of all: 0.4 %
        // of those seem to pass, and 2.5 % of others.
        const int Dimension = 512;
        var random = new Random(5);
        float[][] kinds = [.. HardRows.Create("isotropic", 300, Dimension, random)];
        float[][] noise = [.. HardRows.Create("isotropic", 20_000, Dimension, random)];
        UnitRows rows = NeighborEngineConformance.Rows(Dimension, noise.Select((row, i) =>
            NeighborEngineConformance.Unit([.. row.Zip(kinds[i % kinds.Length], (a, b) => a + b)])));

        var costs = new FilterCosts(s_rates, Queries: 1_000_000, rows.Count, Dimension, Threads: 1);
        FilterPlan plan = FilterPlanner.Create(rows, null, rows, new FusedNeighborEngine(rows, null), costs, prefixDimension: 192,
            new ParallelOptions());

        Assert.IsGreaterThan(0.015, plan.ExpectedSurvivors);
    }

    [TestMethod]
    public void LeastNanoseconds_FewOrManyQueries_HoldsThePreparation()
    {
        // Axes are found where enough queries come to repay them.
        FilterCosts few = new(s_rates, Queries: 500, Rows: 20_000, Dimension: 512, Threads: 1), many = few with { Queries = 1_000_000 };

        Assert.AreEqual(few.Sampling + few.PreparationOf(512) + few.SearchOf(512, survivors: 0),
            FilterPlanner.LeastNanoseconds(few), 1);
        Assert.AreEqual(many.Sampling + many.AxesOf(64) + many.PreparationOf(64) + many.SearchOf(64, survivors: 0),
            FilterPlanner.LeastNanoseconds(many), 1);
    }
}
