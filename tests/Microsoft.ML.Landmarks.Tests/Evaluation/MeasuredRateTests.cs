namespace Microsoft.ML.Landmarks.Tests.Evaluation;

[TestClass]
public sealed class MeasuredRateTests
{
    // Exact but for rounding of the sums below, and the tolerance of the root that is looked for.
    private const double Tolerance = 1e-9;

    /// <summary>The definition: at the ends, counts at least as large, or as small, have a chance of 2.5 %.</summary>
    [TestMethod]
    public void Interval_EveryCountOfAFew_IsWhereTheBinomialTailsSay()
    {
        for (int total = 1; total <= 40; total++)
        {
            for (int count = 0; count <= total; count++)
            {
                var rate = new MeasuredRate(count, total);
                if (count == 0)
                    Assert.AreEqual(0.0, rate.Low);
                else
                    Assert.AreEqual(0.025, Chance(total, rate.Low, from: count, to: total), Tolerance, $"{count} of {total}");
                if (count == total)
                    Assert.AreEqual(1.0, rate.High);
                else
                    Assert.AreEqual(0.025, Chance(total, rate.High, from: 0, to: count), Tolerance, $"{count} of {total}");
            }
        }
    }

    // By bisection of the tails, summed in 60 digits by Python's decimal.
    [TestMethod]
    [DataRow(0, 20, 0, 0.16843347098308536)]
    [DataRow(1, 20, 0.0012650894979498036, 0.24873276277202777)]
    [DataRow(500, 10_000, 0.045809942198770603, 0.054454527028358866)]
    public void Interval_KnownCases_AreThoseOfAnotherProgram(int count, int total, double low, double high)
    {
        var rate = new MeasuredRate(count, total);

        Assert.AreEqual((double)count / total, rate.Rate);
        Assert.AreEqual(low, rate.Low, Tolerance);
        Assert.AreEqual(high, rate.High, Tolerance);
    }

    [TestMethod]
    [DataRow(50_000, 1_000_000)]
    [DataRow(1, 1_000_000)]
    [DataRow(999_999, 1_000_000)]
    public void Interval_ManyQueries_LiesAboutTheRate(int count, int total)
    {
        var rate = new MeasuredRate(count, total);
        double deviation = Math.Sqrt(rate.Rate * (1 - rate.Rate) / total);

        Assert.IsGreaterThan(rate.Rate - 6 * deviation, rate.Low);
        Assert.IsLessThan(rate.Rate - deviation / 2, rate.Low);
        Assert.IsGreaterThan(rate.Rate + deviation / 2, rate.High);
        Assert.IsLessThan(rate.Rate + 6 * deviation, rate.High);
    }

    [TestMethod]
    public void Interval_OfNone_SaysNothing()
    {
        var rate = new MeasuredRate(0, 0);

        Assert.IsTrue(double.IsNaN(rate.Rate));
        Assert.AreEqual((0.0, 1.0), (rate.Low, rate.High));
    }

    private static double Chance(int total, double rate, int from, int to)
    {
        double sum = 0;
        for (int count = from; count <= to; count++)
        {
            double ways = 1;
            for (int i = 0; i < count; i++)
                ways = ways * (total - i) / (i + 1);
            sum += ways * Math.Pow(rate, count) * Math.Pow(1 - rate, total - count);
        }

        return sum;
    }
}
