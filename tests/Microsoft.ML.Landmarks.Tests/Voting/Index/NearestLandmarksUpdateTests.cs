using CsCheck;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

/// <summary>What is told of queries' nearest rows without asking anew is what asking anew would tell.</summary>
[TestClass]
public sealed class NearestLandmarksUpdateTests
{
    private const int Voters = 2;

    /// <summary>Of rows of so few kinds that most scores are equal, so that the order of rows decides.</summary>
    [TestMethod]
    public void Apply_RowsThatComeGoAndChange_KnowsTheNearestAndNothingElse()
    {
        int told = 0, queries = 0;
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int, Gen.Bool).Sample(
            (count, gone, added, changed, seed, isWeighted) =>
            {
                var random = new Random(seed);
                double weight = isWeighted ? 0.5 : 1;
                UnitRows rows = Rows(random, count), asked = Rows(random, 5), askedAnew = Rows(random, 1);
                double[] penalties = [.. Enumerable.Range(0, count).Select(_ => random.Next(3) / 4.0)];
                var before = NearestLandmarks.Allocate(asked, NearestLandmarks.CountOf(Voters, count))!;
                for (int query = 0; query < asked.Count; query++)
                    before.Set(query, Nearest(asked[query], rows, penalties, weight).AsSpan(0, before.Count));
                HashSet<int> removed = [.. Enumerable.Range(0, Math.Min(gone, count - 1)).Select(_ => random.Next(count))];
                var change = RowChange.Of(count, removed.Contains, added);
                UnitRows rowsNow = rows.After(change, Rows(random, added));
                double[] penaltiesNow = change.Apply<double>(penalties, [.. Enumerable.Range(0, added).Select(_ => random.Next(3) / 4.0)]);
                for (int i = 0; i < changed; i++)
                    penaltiesNow[random.Next(penaltiesNow.Length)] = random.Next(3) / 4.0;
                var ofQueries = RowChange.Of(asked.Count, query => query == 1, askedAnew.Count);
                UnitRows askedNow = asked.After(ofQueries, askedAnew);

                var now = NearestLandmarks.Allocate(askedNow, NearestLandmarks.CountOf(Voters, rowsNow.Count))!;
                new NearestLandmarksUpdate(Gallery(rows, penalties), Gallery(rowsNow, penaltiesNow), change, weight)
                    .Apply(askedNow, ofQueries, before, now, new ParallelOptions());

                for (int query = 0; query < askedNow.Count; query++)
                {
                    ReadOnlySpan<Neighbor> known = now.Of(query);
                    Assert.AreSequenceEqual(Nearest(askedNow[query], rowsNow, penaltiesNow, weight).Take(known.Length), known.ToArray());
                    Interlocked.Increment(ref queries);
                    if (known.Length >= Math.Min(Voters, rowsNow.Count))
                        Interlocked.Increment(ref told);
                }

                Assert.IsTrue(now.Of(askedNow.Count - 1).IsEmpty);
            }, iter: 2_000);

        // Else there is little that it is good for: a fifth of the queries are new.
        Assert.IsGreaterThan(queries / 2, told);
    }

    private static Neighbor[] Nearest(ReadOnlySpan<float> query, UnitRows rows, double[] penalties, double weight)
    {
        var all = new Neighbor[rows.Count];
        for (int row = 0; row < all.Length; row++)
            all[row] = new Neighbor(row, ExactDot.Compute(query, rows[row]) - weight * penalties[row]);
        return [.. all.Order()];
    }

    // Two axes, and both ways along them.
    private static UnitRows Rows(Random random, int count)
    {
        var rows = new UnitRows(2);
        for (int row = 0; row < count; row++)
        {
            int sign = 1 - 2 * random.Next(2);
            rows.Add(random.Next(2) == 0 ? [sign, 0] : [0, sign]);
        }

        return rows;
    }

    private static Gallery Gallery(UnitRows rows, double[] penalties)
        => new(rows, new LandmarkLabels(NumberDataViewType.Int32, null, [new LandmarkLabel(1, null)], new int[rows.Count]), null, penalties,
            new UnitRows(2));
}
