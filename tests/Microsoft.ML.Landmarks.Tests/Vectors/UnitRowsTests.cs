using System.Runtime.InteropServices;
using CsCheck;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Vectors;

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
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3, 4 },
            rows.Blocks.SelectMany(b => b.ToArray().Chunk(Dimension).Select(row => row[0])).ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(1000)]
    public void After_ChangesOnChanges_AreTheRowsInOrder(int rowsInBlock)
    {
        var random = new Random(rowsInBlock);
        int next = 0;
        UnitRows rows = Create(23);
        List<float> expected = [.. Enumerable.Range(0, 23)];
        for (int step = 0; step < 12; step++)
        {
            UnitRows added = Create(random.Next(4));
            List<int> sources = [.. Enumerable.Range(0, rows.Count).Where(_ => random.Next(5) > 0)];
            for (int i = 0; i < added.Count; i++)
                sources.Insert(step % 2 == 0 ? sources.Count : random.Next(sources.Count + 1), RowChange.New);
            UnitRows before = rows;
            float[] was = [.. expected];

            rows = before.After(new RowChange(before.Count, [.. sources]), added);

            int fresh = 0;
            expected = [.. sources.Select(source => source == RowChange.New ? added[fresh++][0] : was[source])];
            AssertRows(expected, rows);
            AssertRows(was, before);
            AssertRows(expected[1..], rows.Take([.. Enumerable.Range(1, rows.Count - 1)]));
            CollectionAssert.AreEqual(new[] { expected[2], expected[2], expected[0], expected[0] }, rows.Gather([2, 0]));
        }

        UnitRows Create(int count)
        {
            var created = new UnitRows(2, 2 * rowsInBlock);
            for (int i = 0; i < count; i++, next++)
                created.Add([next, next]);
            return created;
        }

        static void AssertRows(IEnumerable<float> values, UnitRows actual)
        {
            float[] twice = [.. values.SelectMany(value => new[] { value, value })];
            Assert.AreEqual(twice.Length / 2, actual.Count);
            CollectionAssert.AreEqual(twice, actual.Blocks.SelectMany(block => block.ToArray()).ToArray());
            CollectionAssert.AreEqual(twice, actual.Batches(most: 4).SelectMany(batch => batch.ToArray()).ToArray());
            Assert.IsTrue(actual.Batches(most: 4).All(batch => batch.Length is > 0 and <= 8));
            CollectionAssert.AreEqual(twice, Enumerable.Range(0, actual.Count).SelectMany(row => actual[row].ToArray()).ToArray());
        }
    }

    [TestMethod]
    public void Batches_RowsThatLieTogether_AreCopiedWhereTheyAreFew()
    {
        var rows = new UnitRows(1, valuesInBlock: 1000);
        for (int i = 0; i < 2500; i++)
            rows.Add([i]);

        Assert.AreSequenceEqual([600, 400, 600, 400, 500], rows.Batches(600).Select(batch => batch.Length));
        // Row 300 is gone, and each second from 1000 to 1100.
        UnitRows some = rows.After(
            RowChange.Of(2500, row => row == 300 || (row is >= 1000 and < 1100 && row % 2 == 0), added: 0), new UnitRows(1));
        Assert.AreSequenceEqual([300, 600, 600], some.Batches(600).Take(3).Select(batch => batch.Length));
        CollectionAssert.AreEqual(some.Blocks.SelectMany(block => block.ToArray()).ToArray(),
            some.Batches(600).SelectMany(batch => batch.ToArray()).ToArray());
    }

    [TestMethod]
    public void After_RowsOfManyBlocks_SharesAllButTheLast()
    {
        var rows = new UnitRows(1, valuesInBlock: 10);
        for (int i = 0; i < 95; i++)
            rows.Add([i]);
        var added = new UnitRows(1);
        added.Add([95]);

        UnitRows more = rows.After(RowChange.Of(95, _ => false, added: 1), added);
        UnitRows fewer = more.After(RowChange.Of(96, row => row == 50, added: 0), new UnitRows(1));

        CollectionAssert.AreEqual(Arrays(rows)[..9], Arrays(more)[..9]);
        Assert.AreNotSame(Arrays(rows)[9], Arrays(more)[9]);
        CollectionAssert.AreEqual(Arrays(more), Arrays(fewer).Distinct().ToArray());
        Assert.AreEqual((95, 96), (fewer.Count, fewer.HeldCount));

        static float[][] Arrays(UnitRows of) => [.. of.Blocks.Select(block =>
        {
            Assert.IsTrue(MemoryMarshal.TryGetArray(block, out ArraySegment<float> segment));
            return segment.Array!;
        })];
    }

    [TestMethod]
    [DataRow(2, 3)]
    [DataRow(20_000, 300)]
    [DataRow(3, 5_000_000)]
    public void Read_WhatWasWritten_IsTheSame(int count, int dimension)
    {
        // A few rows, more than a block holds, and rows of which one fills a block.
        var rows = new UnitRows(dimension);
        for (int row = 0; row < count; row++)
            rows.Add(AxisRow(row, dimension));
        using var stream = new MemoryStream();
        rows.Write(stream);
        stream.Position = 0;

        UnitRows read = UnitRows.Read(stream, count, dimension, out int? wrong);

        Assert.AreEqual((long)count * dimension * sizeof(float), stream.Length);
        Assert.IsNull(wrong);
        Assert.AreEqual(count, read.Count);
        Assert.IsTrue(Enumerable.Range(0, count).All(row => read[row].SequenceEqual(rows[row])));
    }

    [TestMethod]
    [DataRow(0, float.NaN)]
    [DataRow(873, 0.99f)]
    [DataRow(1_747, float.PositiveInfinity)]
    [DataRow(19_999, 2f)]
    public void Read_RowsThatAreNotOfUnitLength_NamesTheFirst(int first, float value)
    {
        const int Count = 20_000, Dimension = 300;
        var rows = new UnitRows(Dimension);
        for (int row = 0; row < Count; row++)
        {
            float[] values = AxisRow(row, Dimension);
            if (row == first || row == Count - 1)
                values[row % Dimension] = value;
            rows.Add(values);
        }

        using var stream = new MemoryStream();
        rows.Write(stream);
        stream.Position = 0;

        UnitRows.Read(stream, Count, Dimension, out int? wrong);

        Assert.AreEqual(first, wrong);
    }

    [TestMethod]
    public void Read_FewerRows_Throws()
        => Assert.ThrowsExactly<EndOfStreamException>(()
        => UnitRows.Read(new MemoryStream(new byte[3 * 75 * sizeof(float) - 1]), 3, 75, out _));

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
            float[] a = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)],
                b = [.. a.Select(_ => random.NextSingle() - 0.5f)];
            Assert.AreEqual(NeighborEngineConformance.PlainDot(a, b), ExactDot.Compute(a, b));
        }, iter: 500, seed: "0N0XIzNsQ0O2");

    private static float[] AxisRow(int row, int dimension)
    {
        var values = new float[dimension];
        values[row % dimension] = row % 2 == 0 ? 1 : -1;
        return values;
    }
}
