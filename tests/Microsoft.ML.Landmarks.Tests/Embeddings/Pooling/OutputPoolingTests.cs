using CsCheck;
using Microsoft.ML.Landmarks.Embeddings.Pooling;

namespace Microsoft.ML.Landmarks.Tests.Embeddings.Pooling;

/// <summary>How tokens and feature maps become one row, against the formulas in double precision.</summary>
[TestClass]
public sealed class OutputPoolingTests
{
    // The rounding of the result to single precision.
    private const double Tolerance = 1e-6;

    [TestMethod]
    public void Pool_AnyTokensAndMaps_IsTheFormula() => Gen.Select(
        Gen.Int[1, 9], Gen.Int[1, 7], Gen.Bool, Gen.Int[0, 3],
        Gen.Int[0, 5].Select(i => ((double[])[0.5, 1, 2, 3, 4.5, 100])[i]), Gen.Int).Sample(
        (places, channels, isLast, prefix, exponent, seed) =>
        {
            prefix = Math.Min(prefix, places - 1);
            var random = new Random(seed);
            float[] values = [.. Enumerable.Range(0, places * channels).Select(_ => (random.NextSingle() - 0.3f) * 10)];
            foreach (EmbeddingPoolingKind kind in Enum.GetValues<EmbeddingPoolingKind>().Except([EmbeddingPoolingKind.None]))
            {
                var pooling = new OutputPooling(kind, exponent, kind == EmbeddingPoolingKind.Cls ? 0 : prefix, isLast);
                int[] shape = isLast ? [places, channels] : [channels, places, 1];
                float[] row = new float[pooling.LengthOf(shape)];

                pooling.Pool(values, shape, row);

                Assert.HasCount(channels, row);
                for (int channel = 0; channel < channels; channel++)
                {
                    double[] all = [.. Enumerable.Range(0, places)
                        .Select(place => (double)values[isLast ? place * channels + channel : channel * places + place])];
                    double expected = Formula(kind, all, prefix, exponent);
                    Assert.AreEqual(expected, row[channel], Tolerance * Math.Max(1, Math.Abs(expected)), $"{pooling}, channel {channel}");
                }
            }
        });

    [TestMethod]
    public void Pool_GeMOfLargeValues_IsFinite()
    {
        var pooling = new OutputPooling(EmbeddingPoolingKind.GeM, 100, 0, IsChannelsLast: true);
        float[] row = new float[1];

        pooling.Pool([1e30f, 1e30f, 1e30f], [3, 1], row);

        Assert.AreEqual(1e30f, row[0], 1e24f);
    }

    [TestMethod]
    [DataRow(EmbeddingPoolingKind.MeanOfPatches)]
    [DataRow(EmbeddingPoolingKind.Max)]
    [DataRow(EmbeddingPoolingKind.GeM)]
    public void Pool_NaN_StaysNaN(EmbeddingPoolingKind kind)
    {
        float[] row = new float[2];

        new OutputPooling(kind, 3, 0, IsChannelsLast: true).Pool([1, 2, float.NaN, 3], [2, 2], row);

        Assert.IsTrue(float.IsNaN(row[0]));
        Assert.IsFalse(float.IsNaN(row[1]));
    }

    [TestMethod]
    public void GeM_ExponentOutOfRange_Throws()
    {
        foreach (double exponent in (double[])[0, -1, double.NaN, double.PositiveInfinity, 100.5])
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EmbeddingPooling.GeM(exponent));
            Assert.Contains("it must be above 0 and at most 100.", error.Message);
        }
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1025)]
    public void MeanOfPatches_PrefixTokensOutOfRange_Throws(int tokens)
    {
        Assert.AreEqual("prefixTokens", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => EmbeddingPooling.MeanOfPatches(tokens)).ParamName);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EmbeddingPooling.Max(tokens));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EmbeddingPooling.GeM(3, tokens));
    }

    [TestMethod]
    public void ToString_EachKind_IsInWords()
    {
        string[] texts = [.. new[] { EmbeddingPooling.None, EmbeddingPooling.Cls, EmbeddingPooling.MeanOfPatches(),
            EmbeddingPooling.MeanOfPatches(1), EmbeddingPooling.GeM(2.5, 5), EmbeddingPooling.Max(0) }.Select(pooling => $"{pooling}")];

        CollectionAssert.AreEqual((string[])["None", "Cls", "MeanOfPatches", "MeanOfPatches, without 1 prefix token",
            "GeM with exponent 2.5, without 5 prefix tokens", "Max"], texts);
    }

    private static double Formula(EmbeddingPoolingKind kind, double[] all, int prefix, double exponent) => kind switch
    {
        EmbeddingPoolingKind.Cls => all[0],
        EmbeddingPoolingKind.MeanOfPatches => all[prefix..].Average(),
        EmbeddingPoolingKind.Max => all[prefix..].Max(),
        _ => Math.Pow(all[prefix..].Average(value => Math.Pow(Math.Max(value, 1e-6), exponent)), 1 / exponent),
    };
}
