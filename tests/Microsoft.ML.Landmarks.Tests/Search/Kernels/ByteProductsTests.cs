using System.Runtime.Intrinsics.X86;
using CsCheck;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Kernels;

[TestClass]
public sealed class ByteProductsTests
{
    // Kernels whose instructions this processor lacks compute the same with others, so that all of them are tried here.
    [TestMethod]
    [DataRow(nameof(ByteKernel.Vector128))]
    [DataRow(nameof(ByteKernel.ArmDp))]
    [DataRow(nameof(ByteKernel.Avx2))]
    [DataRow(nameof(ByteKernel.AvxVnni))]
    [DataRow(nameof(ByteKernel.Avx512BW))]
    public void Compute_AnyKernel_EqualsTheScalarDefinition(string name)
    {
        ByteKernel kernel = Enum.Parse<ByteKernel>(name);
        RequireInstructions(kernel);

        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8], Gen.Bool, Gen.Int[0, 1_000_000]).Sample((chunks, usedChunks, isExtreme, seed) =>
        {
            int dimension = chunks * ByteProducts.CoordinatesInChunk, used = Math.Min(chunks, usedChunks) * ByteProducts.CoordinatesInChunk;
            var random = new Random(seed);
            var data = new Packed(dimension, isExtreme, random);
            int[] thresholds = [.. Enumerable.Range(0, ByteProducts.Queries).Select(_ => random.Next(-20_000, 20_000))];
            thresholds[3] = int.MinValue + 1;
            thresholds[5] = int.MaxValue;

            (int[] expected, ulong[] expectedHits) = data.Compute(ByteKernel.Scalar, used, thresholds);
            (int[] sums, ulong[] hits) = data.Compute(kernel, used, thresholds);

            CollectionAssert.AreEqual(expectedHits, hits);
            Assert.AreEqual(ulong.MaxValue, hits[3]);
            Assert.AreEqual(0ul, hits[5]);
            for (int i = 0; i < sums.Length; i++)
                Assert.IsTrue((hits[i / ByteProducts.Rows] >> i % ByteProducts.Rows & 1) == 0 || expected[i] == sums[i], $"sum {i}");
        }, iter: 60);
    }

    [TestMethod]
    [DataRow(nameof(ByteKernel.Scalar))]
    [DataRow(nameof(ByteKernel.Vector128))]
    [DataRow(nameof(ByteKernel.Avx2))]
    [DataRow(nameof(ByteKernel.Avx512BW))]
    public void ComputeSingle_AnyKernel_IsTheProductOfEachRow(string name)
    {
        ByteKernel kernel = Enum.Parse<ByteKernel>(name);
        RequireInstructions(kernel);

        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[0, ByteProducts.Queries - 1], Gen.Bool,
            Gen.Int[0, 1_000_000]).Sample((chunks, usedChunks, query, isExtreme, seed) =>
        {
            int dimension = chunks * ByteProducts.CoordinatesInChunk, used = Math.Min(chunks, usedChunks) * ByteProducts.CoordinatesInChunk;
            var data = new Packed(dimension, isExtreme, new Random(seed));

            int[] sums = data.ComputeSingle(kernel, query, used);

            for (int row = 0; row < ByteProducts.Rows; row++)
                Assert.AreEqual(data.Constants[row]
                    + ByteDot.ComputeScalar(data.Queries.AsSpan(query * dimension, used), data.Rows.AsSpan(row * dimension, used)),
                    sums[row], $"row {row}");
        }, iter: 60);
    }

    [TestMethod]
    public void NotBelow_AnySums_AreThoseThatReachTheThreshold()
        => Gen.Int[-3, 3].Array[ByteProducts.Rows].Sample(sums =>
        {
            sums[0] = int.MinValue;
            sums[63] = int.MaxValue;
            foreach (int least in (int[])[int.MinValue, -1, 0, 2, int.MaxValue])
            {
                ulong hits = ByteProducts.NotBelow(sums, least);

                for (int row = 0; row < ByteProducts.Rows; row++)
                    Assert.AreEqual(sums[row] >= least, (hits >> row & 1) == 1, $"row {row}, {least}");
            }
        });

    [TestMethod]
    public void ComputeScalar_PackedCodes_IsTheirProduct()
    {
        var data = new Packed(128, isExtreme: false, new Random(1));
        int[] thresholds = [.. Enumerable.Repeat(0, ByteProducts.Queries)];

        (int[] sums, ulong[] hits) = data.Compute(ByteKernel.Scalar, 128, thresholds);

        for (int query = 0; query < ByteProducts.Queries; query++)
        {
            for (int row = 0; row < ByteProducts.Rows; row++)
            {
                int expected = data.Constants[row]
                    + ByteDot.ComputeScalar(data.Queries.AsSpan(query * 128, 128), data.Rows.AsSpan(row * 128, 128));
                Assert.AreEqual(expected, sums[query * ByteProducts.Rows + row]);
                Assert.AreEqual(expected >= 0, (hits[query] >> row & 1) == 1);
            }
        }
    }

    [TestMethod]
    public void PackQueries_FewerThanAGroup_LeavesZeros()
    {
        sbyte[] codes = [.. Enumerable.Range(0, 5 * 64).Select(i => (sbyte)(i % 127 - 63))];
        uint[] packed = [.. Enumerable.Repeat(7u, 16 * 12)], laneStarts = new uint[12];
        int[] starts = [.. Enumerable.Repeat(7, 12)];

        ByteProducts.PackQueries(codes, 64, packed, laneStarts, starts);

        for (int query = 0; query < 12; query++)
        {
            Assert.AreEqual(query < 5 ? -128 * codes[(query * 64)..(query * 64 + 64)].Sum(c => c) : 0, starts[query]);
            Assert.AreEqual(query < 5 ? BitConverter.ToUInt32((byte[])(Array)codes, query * 64 + 8) : 0, packed[2 * 12 + query]);
        }
    }

    [TestMethod]
    public void ByteDot_AnyLength_EqualsTheScalarDefinition()
        => Gen.Select(Gen.Int[0, 20], Gen.Int[0, 1000]).Sample((parts, seed) =>
        {
            var random = new Random(seed);
            sbyte[] a = Codes(), b = Codes();
            Assert.AreEqual(ByteDot.ComputeScalar(a, b), ByteDot.Compute(a, b));

            sbyte[] Codes()
                => [.. Enumerable.Range(0, parts * ByteDot.Granularity).Select(_ => (sbyte)(seed == 0 ? -127 : random.Next(-127, 128)))];
        }, iter: 100);

    // One that this processor can't run, not even by the instructions that take the place of its own.
    private static void RequireInstructions(ByteKernel kernel)
    {
        if (kernel is ByteKernel.Avx2 or ByteKernel.AvxVnni or ByteKernel.Avx512BW && !Avx2.IsSupported)
            Assert.Inconclusive($"The {kernel} kernel needs a processor with AVX2.");
    }

    private sealed class Packed
    {
        private readonly uint[] _codes, _laneStarts;
        private readonly int[] _starts;
        private readonly byte[] _rows;

        public Packed(int dimension, bool isExtreme, Random random)
        {
            // The largest codes that the lanes can hold: 130² / 32 and 250² / 32 are 22.98² and 44.19².
            Queries = [.. Enumerable.Range(0, ByteProducts.Queries * dimension)
                .Select(_ => (sbyte)(isExtreme ? random.Next(2) == 0 ? -22 : 22 : random.Next(-22, 23)))];
            Rows = [.. Enumerable.Range(0, ByteProducts.Rows * dimension)
                .Select(_ => (sbyte)(isExtreme ? random.Next(2) == 0 ? -44 : 44 : random.Next(-44, 45)))];
            // A few that are as large as a byte allows, alone in their lanes.
            for (int row = 0; row < ByteProducts.Rows; row += 9)
            {
                Rows.AsSpan(row * dimension, dimension).Clear();
                Rows[row * dimension] = Rows[row * dimension + 1] = 127;
                Rows[row * dimension + 2] = Rows[row * dimension + 3] = -127;
            }

            Constants = [.. Enumerable.Range(0, ByteProducts.Rows)
                .Select(i => i == 0 ? -500_000_000 : i == 1 ? 500_000_000 : random.Next(-10_000, 10_000))];
            _codes = new uint[ByteProducts.Queries * dimension / 4];
            _laneStarts = new uint[ByteProducts.Queries * dimension / ByteProducts.CoordinatesInChunk];
            _starts = new int[_laneStarts.Length];
            _rows = new byte[Rows.Length];
            ByteProducts.PackQueries(Queries, dimension, _codes, _laneStarts, _starts);
            ByteProducts.PackRows(Rows, _rows);
        }

        public sbyte[] Queries { get; }

        public sbyte[] Rows { get; }

        public int[] Constants { get; }

        public (int[] Sums, ulong[] Hits) Compute(ByteKernel kernel, int dimension, int[] thresholds)
        {
            int[] sums = new int[ByteProducts.Queries * ByteProducts.Rows];
            ulong[] hits = [.. Enumerable.Repeat(ulong.MaxValue, ByteProducts.Queries)];
            ByteProducts.Compute(kernel, new QueryGroup(_codes, _laneStarts, _starts), new RowLeaf(_rows, Constants), dimension, thresholds,
                sums, hits);
            return (sums, hits);
        }

        public int[] ComputeSingle(ByteKernel kernel, int query, int dimension)
        {
            int[] sums = new int[ByteProducts.Rows];
            ByteProducts.ComputeSingle(kernel, new QueryGroup(_codes, _laneStarts, _starts), query, new RowLeaf(_rows, Constants),
                dimension, sums);
            return sums;
        }
    }
}
