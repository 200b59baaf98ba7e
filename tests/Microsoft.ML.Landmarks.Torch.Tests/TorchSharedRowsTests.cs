using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>Rows that several engines search are on the device once, and as long as one of them uses them.</summary>
[TestClass]
[TorchCondition]
public sealed class TorchSharedRowsTests
{
    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    public void Dispose_OneOfTwo_LeavesTheRowsToTheOther(int first, int second)
    {
        long before = torch.Tensor.TotalCount;
        var random = new Random(1);
        UnitRows rows = NeighborEngineConformance.Random(200, 16, random), queries = NeighborEngineConformance.Random(9, 16, random);
        double[] penalties = NeighborEngineConformance.Penalties(200, random);
        INeighborEngine engine = new TorchNeighborEngine(rows, null, new FusedNeighborEngine(rows, null), torch.CPU);
        INeighborEngine[] engines = [engine, engine.WithPenalties(penalties)];
        Neighbor[][] expected = [Search(new FusedNeighborEngine(rows, null)), Search(new FusedNeighborEngine(rows, penalties))];
        AssertSame(0);
        long ofOne = torch.Tensor.TotalCount - before;
        AssertSame(1);
        // Its penalties alone are more.
        Assert.AreEqual(before + ofOne + 1, torch.Tensor.TotalCount);

        engines[first].Dispose();

        AssertSame(second);
        Assert.AreEqual(before + ofOne, torch.Tensor.TotalCount);
        // It takes them again.
        AssertSame(first);
        engines[second].Dispose();
        AssertSame(first);
        engines[first].Dispose();
        Assert.AreEqual(before, torch.Tensor.TotalCount);

        void AssertSame(int i) => CollectionAssert.AreEqual(expected[i], Search(engines[i]));

        Neighbor[] Search(INeighborEngine asked) => NeighborEngineConformance.Search(asked, queries, 5);
    }
}
