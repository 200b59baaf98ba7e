using CsCheck;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

[TestClass]
public sealed class LandmarkVoteTests
{
    [TestMethod]
    public void Winner_LargestSum_WinsOverTheNearestNeighbor()
    {
        (int landmark, double sum) = Winner([0.5, 0.3, 0.3], [7, 8, 8]);

        Assert.AreEqual(8, landmark);
        Assert.AreEqual(0.6, sum);
    }

    [TestMethod]
    public void Winner_EqualSums_LandmarkOfTheBetterNeighborWins()
    {
        Assert.AreEqual((9, 0.5), Winner([0.5, 0.25, 0.25], [9, 3, 3]));
        Assert.AreEqual((3, 0.5), Winner([0.5, 0.25, 0.25], [3, 9, 9]));
        Assert.AreEqual((4, 0.25), Winner([0.25, 0.25, 0.25], [4, 2, 3]));
        Assert.AreEqual((5, 1.0), Winner([0.75, 0.5, 0.5, 0.25], [5, 1, 1, 5]));
    }

    [TestMethod]
    public void Winner_NegativeScores_LargestSumWins()
    {
        // More neighbors with negative scores make a landmark less likely.
        Assert.AreEqual((2, -0.5), Winner([-0.25, -0.5, -0.75], [1, 2, 1]));
        Assert.AreEqual((1, -0.25), Winner([-0.25, -0.5], [1, 2]));
        Assert.AreEqual((1, 0.25), Winner([0.5, 0.125, -0.25], [1, 2, 1]));
        Assert.AreEqual((2, 0.125), Winner([0.5, 0.125, -0.5], [1, 2, 1]));
    }

    [TestMethod]
    public void Winner_UnusedPlaces_HaveNoVote()
    {
        Neighbor[] neighbors = [new(1, -0.5), new(0, -1), Neighbor.None, Neighbor.None];

        Assert.AreEqual((5, -0.5), Winner(neighbors, [6, 5]));
    }

    [TestMethod]
    public void Winner_OneNeighbor_IsItsLandmarkAndScore()
        => Assert.AreEqual((3, -7.0), Winner([-7], [3]));

    [TestMethod]
    public void Winner_NeighborsOfAnyRows_AreLookedUpByRow()
    {
        Neighbor[] neighbors = [new(4, 0.5), new(0, 0.25), new(2, 0.25)];

        Assert.AreEqual((1, 0.5), Winner(neighbors, [2, 0, 2, 0, 1]));
    }

    [TestMethod]
    public void Winner_Scores_AreSummedInDoublePrecisionBestFirst()
    {
        double[] scores = [1, 1e-16, 1e-16, 1e-16, 1e-16];
        double worstFirst = scores.Reverse().Aggregate((a, b) => a + b);

        (int _, double sum) = Winner(scores, [0, 0, 0, 0, 0]);

        Assert.AreEqual(scores.Aggregate((a, b) => a + b), sum);
        Assert.AreNotEqual(worstFirst, sum, "The order makes no difference for these scores, so nothing was tested.");
    }

    [TestMethod]
    public void Winner_AnyNeighbors_IsWhatADictionaryOfSumsGives()
        => Gen.Select(Gen.Select(Gen.Int[-8, 8], Gen.Int[0, 4]).Array[1, 12], Gen.Int[0, 3]).Sample((votes, unused) =>
        {
            // Eighths are summed exactly, so that sums are equal often and in any order.
            votes = [.. votes.OrderByDescending(v => v.Item1)];
            Neighbor[] neighbors = [.. votes.Select((v, row) => new Neighbor(row, v.Item1 / 8.0)), .. Enumerable.Repeat(Neighbor.None, unused)];
            int[] landmarkOfRow = [.. votes.Select(v => v.Item2)];

            var sums = new Dictionary<int, double>();
            foreach ((int score, int landmark) in votes)
                sums[landmark] = sums.GetValueOrDefault(landmark) + score / 8.0;
            double largest = sums.Values.Max();
            int expected = landmarkOfRow.First(landmark => sums[landmark] == largest);

            Assert.AreEqual((expected, largest), Winner(neighbors, landmarkOfRow));
        }, iter: 1000, threads: 1, seed: "0000KOIPe036");

    [TestMethod]
    public void Winner_Exponent_IsTakenOfTheSizeOfEachScore()
    {
        Neighbor[] neighbors = [new(0, 0.75), new(1, 0.5), new(2, 0.5), new(3, -0.5)];

        Assert.AreEqual((8, 1.0), Winner(neighbors, [7, 8, 8, 7], 1));
        Assert.AreEqual((8, 0.5), Winner(neighbors, [7, 8, 8, 7], 2));
        Assert.AreEqual((7, 0.5625), Winner(neighbors, [7, 8, 8, 8], 2));
        // The sign of a negative score stays: 0.75² - 0.5², not + 0.5².
        Assert.AreEqual((7, 0.3125), Winner(neighbors, [7, 8, 9, 7], 2));
    }

    [TestMethod]
    public void Winner_AnyExponent_OfOneNeighborIsThePowerOfItsScore()
        => Gen.Select(Gen.Double[-2, 2], Gen.Double[0.01, 20]).Sample((score, exponent) =>
            Assert.AreEqual((0, Math.CopySign(Power.Of(Math.Abs(score), exponent), score)), Winner([new(0, score)], [0], exponent)),
                iter: 1000);

    [TestMethod]
    public void Winner_ManyNeighborsOfAsManyLandmarks_IsFoundAtOnce()
    {
        const int Count = 300_000;
        Neighbor[] neighbors = [.. Enumerable.Range(0, Count).Select(row => new Neighbor(row, 1 - row / (2.0 * Count)))];
        int[] landmarkOfRow = [.. Enumerable.Range(0, Count - 1), 5];

        Assert.AreEqual((5, neighbors[5].Score + neighbors[^1].Score), Winner(neighbors, landmarkOfRow));
    }

    [TestMethod]
    public void Winner_AskedAgain_KnowsNothingOfTheVoteBefore()
    {
        var vote = new LandmarkVote(3);
        Assert.AreEqual((2, 0.75), vote.Winner([new(0, 0.5), new(1, 0.25)], [2, 2]));
        Assert.AreEqual((2, 0.25), vote.Winner([new(0, 0.25), new(1, 0.125)], [2, 1]));
    }

    [TestMethod]
    public void Winner_LargestExponentWeightAndCount_HasAFiniteSum()
    {
        const double Score = 1 + KnnLandmarkEstimator.LargestWeight;

        (int landmark, double vote) = Winner([new(0, -1), new(1, -Score)], [4, 5], KnnLandmarkEstimator.LargestExponent);
        Assert.AreEqual((4, -1.0), (landmark, vote));
        (_, vote) = Winner([new(0, Score)], [4], KnnLandmarkEstimator.LargestExponent);
        Assert.IsTrue(double.IsFinite(100_000_000 * vote));
        Assert.IsTrue(double.IsFinite(Winner([.. Enumerable.Range(0, 300)
            .Select(row => new Neighbor(row, row < 150 ? Score : -Score))], new int[300], KnnLandmarkEstimator.LargestExponent).Sum));
    }

    private static (int Landmark, double Sum) Winner(double[] scores, int[] landmarks)
        => Winner([.. scores.Select((score, row) => new Neighbor(row, score))], landmarks);

    private static (int Landmark, double Sum) Winner(Neighbor[] neighbors, int[] landmarkOfRow, double exponent = 1)
        => new LandmarkVote(landmarkOfRow.Max() + 1).Winner(neighbors, landmarkOfRow, exponent);
}
