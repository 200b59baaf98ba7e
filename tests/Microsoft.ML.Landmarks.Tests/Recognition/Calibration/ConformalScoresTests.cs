using Microsoft.ML.Landmarks.Recognition.Calibration;

namespace Microsoft.ML.Landmarks.Tests.Recognition.Calibration;

[TestClass]
public sealed class ConformalScoresTests
{
    // What MathNet.Numerics looks for roots with.
    private const double Tolerance = 1e-7;

    [TestMethod]
    [DataRow(4f, 1.0 / 5)]
    [DataRow(3f, 2.0 / 5)]
    [DataRow(2f, 4.0 / 5)]
    [DataRow(1.5f, 4.0 / 5)]
    [DataRow(1f, 1.0)]
    [DataRow(float.NegativeInfinity, 1.0)]
    [DataRow(float.PositiveInfinity, 1.0 / 5)]
    public void Probability_Score_CountsThoseAtLeastAsHighAndItself(float score, double expected)
        => Assert.AreEqual(expected, new ConformalScores([2, 1, 3, 2]).Probability(score));

    [TestMethod]
    public void Probability_NoScores_IsOne() => Assert.AreEqual(1, new ConformalScores([]).Probability(5));

    /// <summary>The promise itself, without chance: of n + 1 scores each is once the query, and the others are held out.</summary>
    [TestMethod]
    public void IsAnswered_EachOfExchangeableScoresInTurn_AtMostTheStatedShare()
    {
        foreach (double rate in (double[])[0.05, 0.1, 0.29, 1.0 / 3, 0.5, 0.9])
        {
            for (int count = 1; count <= 60; count++)
            {
                // As many distinct values as there are, and few of them, so that there are ties.
                foreach (int distinct in (int[])[count, 7, 2, 1])
                {
                    float[] all = [.. Enumerable.Range(0, count).Select(i => (float)(i * 61 % distinct))];
                    int answered = Enumerable.Range(0, count).Count(query => Others(all, query).IsAnswered(all[query], rate, null));
                    Assert.IsTrue(answered / (double)count <= rate, $"{answered} of {count} at {rate}, {distinct} values");
                    // Without ties no more are kept back than must be.
                    if (distinct == count)
                        Assert.IsTrue((answered + 1) / (double)count > rate, $"{answered} of {count} at {rate}");
                }
            }
        }
    }

    [TestMethod]
    public void IsAnswered_AnyScore_IsWhereItsProbabilityIsAtMostTheRate()
    {
        var random = new Random(1);
        foreach (int count in (int[])[0, 1, 9, 19, 20, 99, 100])
        {
            var scores = new ConformalScores(Enumerable.Range(0, count).Select(_ => (float)random.Next(40)));
            foreach (double rate in (double[])[0.01, 0.05, 0.07, 0.1, 0.29, 0.58, 0.99])
            {
                for (float score = -0.5f; score < 41; score += 0.5f)
                    Assert.AreEqual(scores.Probability(score) <= rate, scores.IsAnswered(score, rate, null), $"{count}, {rate}, {score}");
            }
        }
    }

    /// <summary>Photographs of nothing with scores of some distribution; the share that is answered over many models.</summary>
    [TestMethod]
    [DataRow(19, 0.05, false)]
    [DataRow(50, 0.05, false)]
    [DataRow(50, 0.1, true)]
    [DataRow(35, 0.05, true)]
    public void IsAnswered_ManySetsOfScores_KeepTheRate(int count, double rate, bool ties)
    {
        const int Sets = 4000;
        var random = new Random(1);
        int answered = 0;
        for (int set = 0; set < Sets; set++)
            answered += new ConformalScores(Enumerable.Range(0, count).Select(_ => Draw())).IsAnswered(Draw(), rate, null) ? 1 : 0;

        // Three standard deviations; the seed is fixed.
        Assert.IsTrue(answered / (double)Sets < rate + 3 * Math.Sqrt(rate * (1 - rate) / Sets), $"{answered} of {Sets}");

        float Draw() => ties ? (float)Math.Floor(-2 * Math.Log(1 - random.NextDouble())) : (float)Math.Log(1 - random.NextDouble());
    }

    [TestMethod]
    [DataRow(0.05, null, 19)]
    [DataRow(0.01, null, 99)]
    [DataRow(0.1, null, 9)]
    [DataRow(0.5, null, 1)]
    [DataRow(0.9, null, 1)]
    [DataRow(0.3, null, 3)]
    [DataRow(0.001, null, 999)]
    [DataRow(1e-6, null, 999_999)]
    [DataRow(0.05, 0.95, 59)]
    [DataRow(0.01, 0.95, 299)]
    [DataRow(0.05, 0.5, 19)]
    [DataRow(0.05, 0.99, 90)]
    [DataRow(0.5, 0.5, 1)]
    [DataRow(1e-12, null, int.MaxValue)]
    public void FewestFor_Rate_IsThatOfTheTables(double rate, double? confidence, int expected)
        => Assert.AreEqual(expected, ConformalScores.FewestFor(rate, confidence));

    [TestMethod]
    public void Threshold_AsManyScoresAsAreNeeded_IsTheirLargest()
    {
        foreach ((double rate, double? confidence) in ((double, double?)[])[(0.05, null), (0.01, null), (0.05, 0.95), (0.37, 0.8)])
        {
            int fewest = ConformalScores.FewestFor(rate, confidence);
            var enough = new ConformalScores(Enumerable.Range(0, fewest).Select(i => (float)i));
            var tooFew = new ConformalScores(Enumerable.Range(0, fewest - 1).Select(i => (float)i));

            Assert.AreEqual(fewest - 1, enough.Threshold(rate, confidence));
            Assert.AreEqual(float.PositiveInfinity, tooFew.Threshold(rate, confidence));
            Assert.IsTrue(enough.LowestRate(confidence) <= rate + 1e-15);
            Assert.IsTrue(tooFew.LowestRate(confidence) > rate);
        }
    }

    /// <summary>With a confidence: the most scores above the threshold whose binomial tail allows it, summed here.</summary>
    [TestMethod]
    public void Threshold_Confidence_IsThatOfTheBinomialTail()
    {
        (int, double, double)[] cases
            = [(59, 0.05, 0.95), (100, 0.05, 0.95), (440, 0.05, 0.95), (300, 0.1, 0.99), (45, 0.3, 0.2), (93, 0.05, 0.9)];
        foreach ((int count, double rate, double confidence) in cases)
        {
            int inTheMean = (int)(rate * (count + 1));
            int expected = Enumerable.Range(0, inTheMean + 1).Last(k => k == 0 || UpperTail(count, rate, k) >= confidence);

            float threshold = new ConformalScores(Enumerable.Range(0, count).Select(i => (float)i)).Threshold(rate, confidence);

            Assert.AreEqual(expected == 0 ? float.PositiveInfinity : count - expected, threshold, $"{count}, {rate}, {confidence}");
        }
    }

    // By bisection of the binomial tails, summed in 50 digits by Python's decimal.
    [TestMethod]
    [DataRow(50, 0.00488143342616438, 0.10646954571149993)]
    [DataRow(440, 0.0315964404837028, 0.07203318963306883)]
    public void Interval_KnownNumbers_AreThoseOfAnotherProgram(int count, double low, double high)
    {
        MetricInterval interval = new ConformalScores(new float[count]).Interval(0.05, null);

        Assert.AreEqual(low, interval.Low, Tolerance);
        Assert.AreEqual(high, interval.High, Tolerance);
    }

    /// <summary>The rate of a threshold is at most x where at least k of n uniform numbers are.</summary>
    [TestMethod]
    public void Interval_AnyNumber_IsWhereTheBinomialTailsSay()
    {
        foreach ((int count, double rate) in ((int, double)[])[(19, 0.05), (35, 0.05), (35, 0.1), (59, 0.05), (266, 0.01), (440, 0.05)])
        {
            int allowed = (int)(rate * (count + 1) + 1e-9);
            MetricInterval interval = new ConformalScores(new float[count]).Interval(rate, null);

            Assert.AreEqual(0.025, UpperTail(count, interval.Low, allowed), Tolerance);
            Assert.AreEqual(0.975, UpperTail(count, interval.High, allowed), Tolerance);
        }
    }

    [TestMethod]
    public void Interval_TooFewScores_IsThatOfNoAnswer()
        => Assert.AreEqual(new MetricInterval(0, 0), new ConformalScores(new float[18]).Interval(0.05, null));

    private static ConformalScores Others(float[] all, int query) => new(all.Where((_, i) => i != query));

    /// <summary>The chance of at least k successes in n trials.</summary>
    private static double UpperTail(int n, double chance, int k)
    {
        double sum = 0;
        for (int successes = n; successes >= k; successes--)
        {
            double logarithm = successes * Math.Log(chance) + (n - successes) * Math.Log(1 - chance);
            for (int i = 1; i <= successes; i++)
                logarithm += Math.Log((n - successes + i) / (double)i);
            sum += Math.Exp(logarithm);
        }

        return sum;
    }
}
