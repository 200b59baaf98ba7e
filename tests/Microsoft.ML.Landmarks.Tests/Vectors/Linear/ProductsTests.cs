using CsCheck;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Tests.Vectors.Linear;

[TestClass]
public sealed class ProductsTests
{
    // Widths that this processor lacks are computed in parts, so that all of them are tried here.
    [TestMethod]
    [DataRow(0)]
    [DataRow(128)]
    [DataRow(256)]
    [DataRow(512)]
    public void Compute_AnyWidthAndDimension_IsWithinRoundingOfTheScalarDefinition(int width)
        => Gen.Select(Gen.Int[1, 300], Gen.Int[0, 1000]).Sample((dimension, seed) =>
        {
            var random = new Random(seed);
            float[] group = Values(dimension * Products.Queries), panel = Values(dimension * Products.Rows);
            float[] expected = new float[Products.Queries * Products.Rows], products = new float[expected.Length];

            Products.ComputeScalar(group, panel, expected);
            Action<ReadOnlySpan<float>, ReadOnlySpan<float>,
                Span<float>> compute = width switch
                {
                    128 => Products.Compute128,
                    256 => Products.Compute256,
                    512 => Products.Compute512,
                    _
                => Products.Compute
                };
            compute(group, panel, products);

            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], products[i], 1e-6f * dimension, $"product {i}");

            float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        }, iter: 50);

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(12)]
    public void Pack_Rows_StandsByDimensionWithZerosBeyondThem(int rows)
    {
        float[] values = [.. Enumerable.Range(1, rows * 5).Select(i => (float)i)], packed = [.. Enumerable.Repeat(-1f, 5 * 12)];

        Products.Pack(values, 5, 12, packed);

        for (int i = 0; i < 5; i++)
        {
            for (int row = 0; row < 12; row++)
                Assert.AreEqual(row < rows ? values[row * 5 + i] : 0, packed[i * 12 + row]);
        }
    }

    [TestMethod]
    public void FindNotBelow_Scores_SetsTheirBits()
    {
        var random = new Random(1);
        float[] products = [.. Enumerable.Range(0, Products.Queries * Products.Rows).Select(_ => random.Next(16) / 8f)],
            penalties = [.. Enumerable.Range(0, Products.Rows).Select(i => i % 3 / 4f)];
        float[] thresholds = [.. Enumerable.Range(0, Products.Queries)
            .Select(i => i == 0 ? float.NegativeInfinity : i == 1 ? float.PositiveInfinity : i / 8f)];
        var candidates = new uint[Products.Queries];

        Assert.IsTrue(Products.FindNotBelow(products, penalties, thresholds, candidates));

        for (int i = 0; i < products.Length; i++)
            Assert.AreEqual(products[i] - penalties[i % Products.Rows] >= thresholds[i / Products.Rows],
                (candidates[i / Products.Rows] >> i % Products.Rows & 1) == 1, $"score {i}");
        Assert.IsFalse(Products.FindNotBelow(products, penalties, [.. Enumerable.Repeat(3f, Products.Queries)], candidates));
        Assert.AreEqual(0u, candidates[3]);
    }
}
