using System.Globalization;
using CsCheck;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Vectors;

[TestClass]
public sealed class PowerTests
{
    [TestMethod]
    public void Of_GoldenPowers_AreTheNearestDoubles()
    {
        string[] lines = File.ReadAllLines(TestFiles.Golden("powers.csv"));
        Assert.IsGreaterThan(2_000, lines.Length);
        foreach (string line in lines)
        {
            double[] numbers = [.. line.Split(',').Select(bits
                => BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
            Assert.AreEqual(numbers[2], Power.Of(numbers[0], numbers[1]), $"{numbers[0]:R}^{numbers[1]:R}");
        }
    }

    [TestMethod]
    public void Of_Zero_IsZero()
    {
        foreach (double exponent in (double[])[1, 2, 0.5, 50])
            Assert.AreEqual(0, Power.Of(0, exponent));
    }

    [TestMethod]
    public void Of_AnyScore_IsWithinTheLastBitOfTheCLibrarys()
        => Gen.Select(Gen.Double[0.0001, 2], Gen.Double[0.01, 20]).Sample((value, exponent) =>
        {
            double expected = Math.Pow(value, exponent), power = Power.Of(value, exponent);
            Assert.IsTrue(power == expected || power == Math.BitIncrement(expected) || power == Math.BitDecrement(expected),
                $"{value:R}^{exponent:R}");
        }, iter: 2000);

    [TestMethod]
    public void Of_TinyPowers_AreTinyOrZero()
    {
        Assert.AreEqual(0, Power.Of(1e-30, 50));
        Assert.AreEqual(0, Power.Of(1e-300, 1.5));
        Assert.AreEqual(Math.Pow(1e-200, 1.55), Power.Of(1e-200, 1.55), 1e-323);
    }

    [TestMethod]
    public void OfE_AnyExponent_IsWithinTheLastBitOfTheCLibrarys()
    {
        Gen.Double[-700, 0].Sample(exponent =>
        {
            double expected = Math.Exp(exponent), power = Power.OfE(exponent);
            Assert.IsTrue(power == expected || power == Math.BitIncrement(expected) || power == Math.BitDecrement(expected),
                $"e^{exponent:R}");
        }, iter: 2000);
        Assert.AreEqual(1, Power.OfE(0));
        Assert.AreEqual(Math.Exp(-740), Power.OfE(-740), 1e-323);
        Assert.AreEqual(0, Power.OfE(-747));
        Assert.AreEqual(0, Power.OfE(-1e300));
    }
}
