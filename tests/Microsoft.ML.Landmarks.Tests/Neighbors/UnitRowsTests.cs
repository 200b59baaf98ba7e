using CsCheck;

namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class UnitRowsTests
{
    [TestMethod]
    public void Add_MoreThanABlockHolds_KeepsEveryRow()
    {
        // Blocks hold 2^22 values: five of these rows fill more than one.
        const int Dimension = 1_000_000;
        var rows = new UnitRows(Dimension);
        for (int i = 0; i < 5; i++)
            rows.Add(Enumerable.Repeat((float)i, Dimension).ToArray());

        Assert.AreEqual(5, rows.Count);
        Assert.IsGreaterThan(1, rows.Blocks.Count());
        for (int i = 0; i < 5; i++)
            Assert.AreEqual(((float)i, (float)i), (rows[i][0], rows[i][^1]));
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3, 4 }, rows.Blocks.SelectMany(b => b.ToArray().Chunk(Dimension).Select(row => row[0])).ToArray());
    }

    [TestMethod]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var rows = new UnitRows(3);
        rows.Add([1, 2, 3]);
        rows.Add([4, 5, 6]);
        using var stream = new MemoryStream();
        rows.Write(stream);
        stream.Position = 0;

        UnitRows read = UnitRows.Read(stream, 2, 3);

        Assert.AreEqual(24, stream.Length);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, read.Blocks.Single().ToArray());
    }

    [TestMethod]
    public void Normalize_AnyFiniteVector_HasUnitLength()
        => Gen.Float.Where(float.IsFinite).Array[1, 70].Sample(vector =>
        {
            bool isZero = vector.All(v => v == 0);
            float[] unit = [.. vector];

            Assert.IsTrue(UnitVector.TryNormalize(unit));

            Assert.AreEqual(isZero ? 0 : 1, Math.Sqrt(unit.Sum(v => (double)v * v)), 1e-6);
        }, iter: 500, seed: "0N0XIzNsQ0O2");

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void Normalize_NotFinite_IsRefused(float value)
    {
        foreach (int place in (int[])[0, 5, 33])
        {
            float[] vector = [.. Enumerable.Repeat(1f, 34)];
            vector[place] = value;
            Assert.IsFalse(UnitVector.TryNormalize(vector));
        }
    }

    [TestMethod]
    public void ExactDot_AnyLength_SumsInTheStatedOrder()
        => Gen.Select(Gen.Int[0, 200], Gen.Int[0, 1000]).Sample((length, seed) =>
        {
            var random = new Random(seed);
            float[] a = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)], b = [.. a.Select(_ => random.NextSingle() - 0.5f)];
            Assert.AreEqual(NeighborEngineConformance.PlainDot(a, b), ExactDot.Compute(a, b));
        }, iter: 500, seed: "0N0XIzNsQ0O2");
}
