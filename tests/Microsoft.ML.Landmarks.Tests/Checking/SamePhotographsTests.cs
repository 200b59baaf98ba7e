using Microsoft.ML.Landmarks.Checking;

namespace Microsoft.ML.Landmarks.Tests.Checking;

[TestClass]
public sealed class SamePhotographsTests
{
    [TestMethod]
    public void FirstOf_RowsJoinedByOthers_IsTheFirstOfAll()
    {
        var same = new SamePhotographs(8, [Pair(4, 6, 0.9), Pair(1, 2, 0.9), Pair(2, 4, 0.9), Pair(5, 7, 0.9)]);

        CollectionAssert.AreEqual(new[] { 0, 1, 1, 3, 1, 5, 1, 5 }, Enumerable.Range(0, 8).Select(same.FirstOf).ToArray());
    }

    [TestMethod]
    public void Spanning_MorePairsThanNeeded_AreTheLikest()
    {
        SamePhotograph exact = new(1, 2, 1, IsExact: true);

        var same = new SamePhotographs(4, [Pair(0, 1, 0.9), Pair(0, 2, 0.95), Pair(1, 3, 0.86), Pair(2, 3, 0.86), exact, Pair(0, 3, 0.85)]);

        CollectionAssert.AreEqual(new[] { exact, Pair(0, 2, 0.95), Pair(1, 3, 0.86) }, same.Spanning.ToArray());
    }

    private static SamePhotograph Pair(int row, int other, double likeness) => new(row, other, likeness, IsExact: false);
}
