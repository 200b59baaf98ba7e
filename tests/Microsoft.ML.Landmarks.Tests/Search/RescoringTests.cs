using Microsoft.ML.Landmarks.Search;

namespace Microsoft.ML.Landmarks.Tests.Search;

[TestClass]
public sealed class RescoringTests
{
    private static readonly float[] s_query = [1, 0];

    // Scores 0.6, 0.5 and 0.8.
    private readonly Rescoring _rescoring = new(NeighborEngineConformance.Rows(2, [[0.6f, 0.8f], [1, 0], [0.8f, 0.6f]]), [0, 0.5, 0]);

    [TestMethod]
    [DataRow(0.6f, 2)]
    [DataRow(0.9f, 2)]
    [DataRow(0.5f, 0)]
    public void Offer_ABetterRow_IsTakenUnlessItsBoundRulesItOut(float bound, int expected)
    {
        Neighbor[] best = [new(0, 0.6f)];

        _rescoring.Offer(best, s_query, row: 2, bound);

        Assert.AreEqual(expected == 2 ? new Neighbor(2, 0.8f) : new Neighbor(0, 0.6f), best[0]);
    }

    [TestMethod]
    public void Offer_AWorseRowOfAHighBound_IsScoredAndNotTaken()
    {
        Neighbor[] best = [new(0, 0.6f)];

        _rescoring.Offer(best, s_query, row: 1, bound: 2);

        Assert.AreEqual(new Neighbor(0, 0.6f), best[0]);
    }

    [TestMethod]
    public void IsRuledOut_PlacesAreFree_NeverIs()
        => Assert.IsFalse(Rescoring.IsRuledOut([Neighbor.None, new(0, 0.6f)], double.NegativeInfinity));

    [TestMethod]
    public void Score_APenalty_IsTakenOff() => Assert.AreEqual(new Neighbor(1, 0.5), _rescoring.Score(s_query, 1));
}
