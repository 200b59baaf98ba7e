using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Fused;

[TestClass]
public sealed class FusedNeighborEngineTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties) => new FusedNeighborEngine(gallery, penalties);

    [TestMethod]
    [DataRow(1, 3, 4)]
    [DataRow(5, 40, 6)]
    [DataRow(300, 2, 6)]
    [DataRow(40, 100, 3)]
    public void Improve_RowsBeforeAndRowsMore_AreTheNearestOfBoth(int queryCount, int more, int k)
    {
        var random = new Random(more);
        UnitRows queries = Random(queryCount, 40, random), before = Random(20, 40, random);
        // Some are as near as those before, and so behind them.
        UnitRows added = Rows(40, Enumerable.Range(0, more)
            .Select(i => i % 3 == 0 ? before[i % 20].ToArray() : Random(1, 40, random)[0].ToArray()));
        UnitRows all = Rows(40, [.. Enumerable.Range(0, 20).Select(row => before[row].ToArray()),
            .. Enumerable.Range(0, more).Select(row => added[row].ToArray())]);
        Neighbor[] best = [.. Search(new FusedNeighborEngine(before, null), queries, k).Select(n => n with { Row = n.Row - 20 })];

        new FusedNeighborEngine(added, null).Improve(
            queries.Gather([.. Enumerable.Range(0, queryCount)]), k, best, new ParallelOptions());

        CollectionAssert.AreEqual(Search(new FusedNeighborEngine(all, null), queries, k),
            best.Select(n => n with { Row = n.Row + 20 }).ToArray());
    }

    [TestMethod]
    public void Improve_FewerBeforeThanAreSought_TakesThoseThatComeToo()
    {
        UnitRows rows = Rows(2, [Unit([1, 0]), Unit([1, 1]), Unit([0, 1])]);
        Neighbor[] best = [new Neighbor(-1, 0.5), Neighbor.None, Neighbor.None];

        new FusedNeighborEngine(rows, null).Improve(new float[] { 1, 0 }, 3, best, new ParallelOptions());

        CollectionAssert.AreEqual(new[] { 0, 1, -1 }, best.Select(n => n.Row).ToArray());
    }
}
