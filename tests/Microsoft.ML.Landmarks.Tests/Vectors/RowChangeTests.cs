using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Vectors;

[TestClass]
public sealed class RowChangeTests
{
    [TestMethod]
    public void Of_RemovedAndAdded_TellsWhereRowsAre()
    {
        var change = RowChange.Of(5, row => row is 1 or 3, added: 2);

        CollectionAssert.AreEqual(new[] { 0, 2, 4, -1, -1 }, change.Sources);
        CollectionAssert.AreEqual(new[] { 0, -1, 1, -1, 2 }, change.NumbersNow());
        CollectionAssert.AreEqual(new[] { 3, 4 }, change.NumbersOfAdded());
        Assert.AreEqual((2, 2, false), (change.AddedCount, change.RemovedCount, change.OnlyAdds));
        CollectionAssert.AreEqual("acexy".ToCharArray(), change.Apply<char>("abcde", "xy"));
    }

    [TestMethod]
    [DataRow(new[] { 0, 1, -1 }, true)]
    [DataRow(new[] { 0, 1 }, true)]
    [DataRow(new[] { 0, -1, 1 }, false)]
    [DataRow(new[] { 1, -1 }, false)]
    public void OnlyAdds_OfTwoRows_IsWhetherBothStay(int[] sources, bool expected)
        => Assert.AreEqual(expected, new RowChange(2, sources).OnlyAdds);

    [TestMethod]
    public void After_AnEarlierChange_IsBothAsOne()
    {
        var first = new RowChange(4, [0, RowChange.New, 2, 3]);
        var second = new RowChange(4, [1, 2, RowChange.New]);

        RowChange both = second.After(first);

        Assert.AreEqual(4, both.CountBefore);
        CollectionAssert.AreEqual(new[] { RowChange.New, 2, RowChange.New }, both.Sources);
    }
}
