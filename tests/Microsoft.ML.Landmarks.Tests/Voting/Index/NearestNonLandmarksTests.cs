using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

[TestClass]
public sealed class NearestNonLandmarksTests
{
    [TestMethod]
    public void IsAffordable_MoreThanTheRowsThemselvesTake_IsNot()
    {
        // 32 bytes a row; two neighbors take as many.
        var rows = new UnitRows(8);
        for (int i = 0; i < 200_000; i++)
            rows.Add([1, 0, 0, 0, 0, 0, 0, 0]);

        Assert.IsTrue(NearestNonLandmarks.IsAffordable(rows, 2));
        // 16 MB are little.
        Assert.IsTrue(NearestNonLandmarks.IsAffordable(rows, 6));
        Assert.IsFalse(NearestNonLandmarks.IsAffordable(rows, 7));
        Assert.IsFalse(NearestNonLandmarks.IsAffordable(rows, int.MaxValue));
    }
}
