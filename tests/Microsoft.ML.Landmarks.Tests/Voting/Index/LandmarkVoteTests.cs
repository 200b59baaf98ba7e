using CsCheck;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

[TestClass]
public sealed class LandmarkVoteTests
{
    [TestMethod]
    public void Rank_LargestSum_WinsOverTheNearestNeighbor()
    {
        (int landmark, double sum) = Winner([0.5, 0.3, 0.3], [7, 8, 8]);

        Assert.AreEqual(8, landmark);
        Assert.AreEqual(0.6, sum);
    }

    [TestMethod]
    public void Rank_EqualSums_LandmarkOfTheBetterNeighborWins()
    {
        Assert.AreEqual((9, 0.5), Winner([0.5, 0.25, 0.25], [9, 3, 3]));
        Assert.AreEqual((3, 0.5), Winner([0.5, 0.25, 0.25], [3, 9, 9]));
        Assert.AreEqual((4, 0.25), Winner([0.25, 0.25, 0.25], [4, 2, 3]));
        Assert.AreEqual((5, 1.0), Winner([0.75, 0.5, 0.5, 0.25], [5, 1, 1, 5]));
    }

    [TestMethod]
    public void Rank_NegativeScores_LargestSumWins()
    {
        // More neighbors with negative scores make a landmark less likely.
        Assert.AreEqual((2, -0.5), Winner([-0.25, -0.5, -0.75], [1, 2, 1]));
        Assert.AreEqual((1, -0.25), Winner([-0.25, -0.5], [1, 2]));
        Assert.AreEqual((1, 0.25), Winner([0.5, 0.125, -0.25], [1, 2, 1]));
        Assert.AreEqual((2, 0.125), Winner([0.5, 0.125, -0.5], [1, 2, 1]));
    }

    [TestMethod]
    public void Rank_OneNeighbor_IsItsLandmarkAndScore()
        => Assert.AreEqual((3, -7.0), Winner([-7], [3]));

    [TestMethod]
    public void Rank_Scores_AreSummedInDoublePrecisionBestFirst()
    {
        double[] scores = [1, 1e-16, 1e-16, 1e-16, 1e-16];
        double worstFirst = scores.Reverse().Aggregate((a, b) => a + b);

        (int _, double sum) = Winner(scores, [0, 0, 0, 0, 0]);

        Assert.AreEqual(scores.Aggregate((a, b) => a + b), sum);
        Assert.AreNotEqual(worstFirst, sum, "The order makes no difference for these scores, so nothing was tested.");
    }

    [TestMethod]
    public void Rank_AnyNeighbors_IsWhatADictionaryOfSumsGives()
        => Gen.Select(Gen.Int[-8, 8], Gen.Int[0, 4]).Array[1, 12].Sample(votes =>
        {
            // Eighths are summed exactly, so that sums are equal often and in any order.
            votes = [.. votes.OrderByDescending(v => v.Item1)];
            int[] landmarks = [.. votes.Select(v => v.Item2)];

            var sums = new Dictionary<int, double>();
            foreach ((int score, int landmark) in votes)
                sums[landmark] = sums.GetValueOrDefault(landmark) + score / 8.0;
            int[] expected = [.. landmarks.Distinct().OrderByDescending(landmark => sums[landmark])];

            RankedLandmark[] ranked = Rank([.. votes.Select(v => v.Item1 / 8.0)], landmarks);

            CollectionAssert.AreEqual(expected, ranked.Select(r => r.Landmark).ToArray());
            CollectionAssert.AreEqual(expected.Select(landmark => sums[landmark]).ToArray(), ranked.Select(r => r.Votes).ToArray());
            CollectionAssert.AreEqual(expected.Select(landmark => Array.IndexOf(landmarks, landmark)).ToArray(),
                ranked.Select(r => r.Nearest).ToArray());
        }, iter: 1000, threads: 1, seed: "0000KOIPe036");

    [TestMethod]
    public void Rank_Exponent_IsTakenOfTheSizeOfEachScore()
    {
        double[] neighbors = [0.75, 0.5, 0.5, -0.5];

        Assert.AreEqual((8, 1.0), Winner(neighbors, [7, 8, 8, 7], 1));
        Assert.AreEqual((8, 0.5), Winner(neighbors, [7, 8, 8, 7], 2));
        Assert.AreEqual((7, 0.5625), Winner(neighbors, [7, 8, 8, 8], 2));
        // The sign of a negative score stays: 0.75² - 0.5², not + 0.5².
        Assert.AreEqual((7, 0.3125), Winner(neighbors, [7, 8, 9, 7], 2));
    }

    [TestMethod]
    public void Rank_AnyExponent_OfOneNeighborIsThePowerOfItsScore()
        => Gen.Select(Gen.Double[-2, 2], Gen.Double[0.01, 20]).Sample((score, exponent) =>
            Assert.AreEqual((0, Math.CopySign(Power.Of(Math.Abs(score), exponent), score)), Winner([score], [0], exponent)),
                iter: 1000);

    [TestMethod]
    public void Rank_ManyNeighborsOfAsManyLandmarks_IsFoundAtOnce()
    {
        const int Count = 300_000;
        double[] scores = [.. Enumerable.Range(0, Count).Select(row => 1 - row / (2.0 * Count))];
        int[] landmarks = [.. Enumerable.Range(0, Count - 1), 5];

        Assert.AreEqual((5, scores[5] + scores[^1]), Winner(scores, landmarks));
    }

    [TestMethod]
    public void Rank_BuffersOfAVoteBefore_KnowNothingOfIt()
    {
        var ranked = new RankedLandmark[2];
        LandmarkVote.Rank(Neighbors([0.5, 0.25], [2, 2]), [0.5, 0.25], ranked);

        LandmarkVote.Rank(Neighbors([0.25, 0.125], [2, 1]), [0.25, 0.125], ranked);

        CollectionAssert.AreEqual(new RankedLandmark[] { new(2, 0, 0.25), new(1, 1, 0.125) }, ranked);
    }

    [TestMethod]
    public void Rank_LargestExponentWeightAndCount_HasAFiniteSum()
    {
        const double Score = 1 + KnnLandmarkEstimator.LargestWeight;

        (int landmark, double vote) = Winner([-1, -Score], [4, 5], KnnLandmarkEstimator.LargestExponent);
        Assert.AreEqual((4, -1.0), (landmark, vote));
        (_, vote) = Winner([Score], [4], KnnLandmarkEstimator.LargestExponent);
        Assert.IsTrue(double.IsFinite(100_000_000 * vote));
        Assert.IsTrue(double.IsFinite(Winner([.. Enumerable.Range(0, 300)
            .Select(row => row < 150 ? Score : -Score)], new int[300], KnnLandmarkEstimator.LargestExponent).Sum));
    }

    [TestMethod]
    public void Rank_VoteOfMinusZero_HasASumOfZero()
        => Assert.IsFalse(double.IsNegative(Winner([-0.0], [0]).Sum));

    private static (int Landmark, double Sum) Winner(double[] scores, int[] landmarks, double exponent = 1)
    {
        RankedLandmark first = Rank(scores, landmarks, exponent)[0];
        return (first.Landmark, first.Votes);
    }

    private static RankedLandmark[] Rank(double[] scores, int[] landmarks, double exponent = 1)
    {
        double[] votes = [.. scores.Select(score => LandmarkVote.Of(score, exponent))];
        return [.. LandmarkVote.Rank(Neighbors(scores, landmarks), votes, new RankedLandmark[scores.Length])];
    }

    private static LandmarkNeighbor[] Neighbors(double[] scores, int[] landmarks)
        => [.. scores.Select((score, i) => new LandmarkNeighbor(Row: 100 + i, landmarks[i], Cosine: score, Penalty: 0, score))];
}
