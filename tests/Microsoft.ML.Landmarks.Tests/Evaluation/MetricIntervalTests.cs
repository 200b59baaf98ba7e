namespace Microsoft.ML.Landmarks.Tests.Evaluation;

[TestClass]
public sealed class MetricIntervalTests
{
    // Newcombe, Two-sided confidence intervals for the single proportion: comparison of seven methods, 1998, table I, method 3.
    [TestMethod]
    [DataRow(81, 263, 0.2553, 0.3662)]
    [DataRow(15, 148, 0.0624, 0.1605)]
    [DataRow(0, 20, 0.0, 0.1611)]
    [DataRow(1, 29, 0.0061, 0.1718)]
    public void Wilson_SharesOfAPublishedTable_HaveItsEnds(int found, int count, double low, double high)
    {
        var interval = MetricInterval.Wilson((double)found / count, count);

        // Half a unit of the last digit there.
        Assert.AreEqual(low, interval.Low, 0.00005);
        Assert.AreEqual(high, interval.High, 0.00005);
    }

    [TestMethod]
    public void Wilson_All_EndsAtOne() => Assert.AreEqual(1.0, MetricInterval.Wilson(1, 7).High);
}
