using CsCheck;
using Microsoft.ML.Landmarks.Search;

namespace Microsoft.ML.Landmarks.Tests.Search;

[TestClass]
public sealed class TopKTests
{
    [TestMethod]
    public void Insert_RowsInAnyOrder_KeepsTheBestByScoreAndThenByRow()
        => Gen.Select(Gen.Int[-3, 3].Array[0, 60], Gen.Int[1, 40], Gen.Int[0, 1000]).Sample((scores, k, seed) =>
        {
            Neighbor[] rows = [.. scores.Select((score, row) => new Neighbor(row, score))], shuffled = [.. rows], best = new Neighbor[k];
            new Random(seed).Shuffle(shuffled);
            Array.Fill(best, Neighbor.None);

            foreach (Neighbor row in shuffled)
                TopK.Insert(best, row);

            Neighbor[] expected = [.. rows.OrderByDescending(n => n.Score).ThenBy(n => n.Row)
                .Concat(Enumerable.Repeat(Neighbor.None, k)).Take(k)];
            Assert.AreEqual(expected[^1].Score, TopK.Worst(best));
            TopK.Sort(best);
            CollectionAssert.AreEqual(expected, best);
        }, iter: 1000);
}
