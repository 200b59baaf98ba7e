using CsCheck;
using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>What the filter's exactness rests on: bounds that no score exceeds.</summary>
[TestClass]
public sealed class FilterBoundTests
{
    private static readonly string[] s_kinds = ["isotropic", "around a mean", "duplicates", "near duplicates", "rank 20", "rank 1",
        "with zero rows", "heavy tails", "one coordinate"];

    [TestMethod]
    [DataRow(64)]
    [DataRow(128)]
    [DataRow(int.MaxValue)]
    public void Bounds_AnyPair_AreNotExceeded(int prefix)
        => Gen.Select(Gen.Int[0, s_kinds.Length - 1], Gen.Int[130, 300], Gen.Int[0, 1_000_000],
        Gen.Double[-3, 4]).Sample((kind, dimension, seed, penaltyExponent) =>
        {
            var random = new Random(seed);
            UnitRows gallery = NeighborEngineConformance.Rows(dimension, HardRows.Create(s_kinds[kind], 100, dimension, random));
            double[] penalties = [.. NeighborEngineConformance.Penalties(100, random).Select(p => p * Math.Pow(10, penaltyExponent))];
            // Queries of the gallery's kind, and of a kind that it doesn't expect.
            UnitRows queries = NeighborEngineConformance.Rows(dimension,
                HardRows.Create(s_kinds[kind], 20, dimension, random)
                .Concat(HardRows.Create(s_kinds[random.Next(s_kinds.Length)], 20, dimension, random)));
            AssertNotExceeded(FilterEngines.Create(gallery, penalties, prefix, ByteKernels.Fastest).Index, gallery, penalties, queries,
                s_kinds[kind]);
        }, iter: 100);

    [TestMethod]
    public void Bounds_ProjectionThatRoundingLengthens_AreNotExceeded()
    {
        // In each chain of the sum one product is large, and each small one is a little more than half a unit in the last place of the sum
        // so far: all are rounded up. Rows that are opposite to the query then seem further away than they are, and nothing else stands
        // between their bounds and scores.
        const int Chain = 128, Dimension = 7 * Chain, Prefix = 64, LastSmall = Dimension - Prefix;
        double small = Math.Sqrt(0.52 * Math.ScaleB(1, -26));
        float[] axis = [.. Enumerable.Range(0, Dimension)
            .Select(i => i >= LastSmall ? 0 : i % Chain != 0 ? (float)small : (float)Math.Sqrt((1 - (LastSmall - 7) * small * small) / 7))];
        // The last coordinate is on no axis.
        float[][] axes = [axis, .. Enumerable.Range(LastSmall, Prefix - 1)
            .Select(i => Enumerable.Range(0, Dimension).Select(j => i == j ? 1f : 0).ToArray())];
        float[] opposite = [.. axis.Select(value => -value)];
        var space = new FilterSpace(new float[Dimension], [.. axes.SelectMany(values => values)], Prefix);
        var buffer = new FilterSpace.Buffer(space);
        space.Map(axis, buffer);
        float prefix = buffer.PrefixOf(0)[0];
        var scales = new FilterScales(ByteCodes.Scale(prefix, ByteProducts.MaxQueryCode), ByteCodes.Scale(prefix, ByteProducts.MaxRowCode),
            Balance: 1, QueryLength: 1);

        AssertNotExceeded(space, scales, axis, opposite);
        const float Rest = 0.001f;
        axis[^1] = Rest;
        space.Map(axis, buffer);
        Assert.IsGreaterThanOrEqualTo(Rest, buffer.Residuals[0]);
    }

    [TestMethod]
    public void Bounds_RotationThatRoundingShortens_AreNotExceeded()
    {
        // One value, of which the rotation makes coordinates that are rounded down and are a multiple of all scales. So long, that what
        // quantising allows for near 0 is nothing.
        const int Dimension = 128, Coordinate = 22 * 2 * ByteProducts.MaxRowCode;
        float factor = (float)(1 / Math.Sqrt(Dimension)), value = Coordinate / factor;
        while (value * factor <= Coordinate)
            value = MathF.BitIncrement(value);
        value = MathF.BitDecrement(value);
        float[] row = [value, .. new float[Dimension - 1]];
        var scales = new FilterScales(Coordinate / 22, Coordinate / 44, Balance: 1, QueryLength: value);

        AssertNotExceeded(new FilterSpace(new float[Dimension], axes: null, 0), scales, row, row);
    }

    [TestMethod]
    public void Thresholds_RaisedByATenth_WouldLoseRows()
    {
        // If these tests could not tell a wrong bound from a right one, they would say nothing.
        float[][] rows = [.. HardRows.Create("rank 20", 2_012, 192, new Random(3))];
        UnitRows gallery = NeighborEngineConformance.Rows(192, rows[12..]), queries = NeighborEngineConformance.Rows(192, rows[..12]);
        FilterIndex index = FilterEngines.Create(gallery, null, 64, ByteKernels.Fastest).Index;
        var coded = new FilterQueries(index, queries.Blocks.Single().Span);
        int[,] sums = Sums(index, coded, gallery.Count);

        int lost = 0;
        for (int query = 0; query < queries.Count; query++)
        {
            double[] scores = [.. Enumerable.Range(0, gallery.Count)
                .Select(row => NeighborEngineConformance.PlainDot(queries[query], gallery[row]))];
            int best = scores.IndexOf(scores.Max()), threshold = Threshold(coded, query, scores[best]);
            Assert.IsGreaterThanOrEqualTo(threshold, sums[query, best]);
            if (sums[query, best] < threshold + Math.Abs(threshold) / 10)
                lost++;
        }

        Assert.IsGreaterThan(0, lost);
    }

    [TestMethod]
    public void PrincipalAxes_AnySamples_AreOrthonormal()
        => Gen.Select(Gen.Int[0, s_kinds.Length - 1], Gen.Int[64, 150], Gen.Int[1, 100]).Sample((kind, dimension, count) =>
        {
            float[] samples = [.. HardRows.Create(s_kinds[kind], count, dimension, new Random(count)).SelectMany(row => row)];

            float[] axes = new PrincipalAxes(samples, dimension, new ParallelOptions()).Leading(64);

            for (int i = 0; i < 64; i++)
            {
                for (int j = 0; j <= i; j++)
                    Assert.AreEqual(i == j ? 1 : 0,
                        ExactDot.Compute(axes.AsSpan(i * dimension, dimension), axes.AsSpan(j * dimension, dimension)), 3e-6);
            }
        }, iter: 20);

    [TestMethod]
    [DataRow(150)]
    [DataRow(1_100)]
    public void PrincipalAxes_RowsOfLowRank_HoldTheirVariance(int dimension)
    {
        float[] samples = [.. HardRows.Create("rank 20", 200, dimension, new Random(1)).SelectMany(row => row)];

        float[] axes = new PrincipalAxes(samples, dimension, new ParallelOptions()).Leading(64);

        double held = Enumerable.Range(0, 200).Average(row => Enumerable.Range(0, 64)
            .Sum(axis
            => Math.Pow(ExactDot.Compute(samples.AsSpan(row * dimension, dimension), axes.AsSpan(axis * dimension, dimension)), 2)));
        Assert.AreEqual(1, held, 1e-5);
    }

    [TestMethod]
    public void Rotate_AnyDimension_KeepsProducts()
        => Gen.Select(Gen.Int[1, 300], Gen.Int[0, 1000]).Sample((dimension, seed) =>
        {
            var random = new Random(seed);
            float[] a = NeighborEngineConformance.Random(1, dimension, random)[0].ToArray(),
                b = NeighborEngineConformance.Random(1, dimension, random)[0].ToArray();
            double expected = ExactDot.Compute(a, b);
            var rotation = new Hadamard(dimension);
            rotation.Rotate(a);
            rotation.Rotate(b);

            Assert.AreEqual(expected, ExactDot.Compute(a, b), 2 * rotation.RelativeError);
        }, iter: 200);

    [TestMethod]
    public void Rotate_OneLargeValue_IsSpread()
    {
        float[] vector = new float[512];
        vector[7] = 1;

        new Hadamard(512).Rotate(vector);

        Assert.IsTrue(vector.All(value => Math.Abs(Math.Abs(value) - 1 / Math.Sqrt(512)) < 1e-7));
    }

    [TestMethod]
    public void Quantize_AnyValues_MeasuresWhatIsLost()
        => Gen.Select(Gen.Int[1, 8], Gen.Int[0, 1000], Gen.Float[1e-12f, 10f], Gen.Bool).Sample((parts, seed, size, lanes) =>
        {
            var random = new Random(seed);
            float[] values = [.. Enumerable.Range(0, parts * 64).Select(_ => size * (random.NextSingle() - 0.5f))];
            var codes = new sbyte[values.Length];
            float scale = ByteCodes.Scale(size / 3, ByteProducts.MaxRowCode);

            (float error, float length) = lanes
                ? ByteCodes.QuantizeLanes(values, scale, ByteProducts.MaxRowCode, ByteProducts.MaxRowLaneLength, codes)
                : ByteCodes.Quantize(values, scale, 1, ByteProducts.MaxRowCode, codes);

            double lost = Math.Sqrt(values.Zip(codes).Sum(p => Math.Pow(p.First - (double)scale * p.Second, 2))),
                quantized = Math.Sqrt(codes.Sum(c => Math.Pow((double)scale * c, 2)));
            Assert.IsGreaterThanOrEqualTo(lost, error);
            Assert.AreEqual(lost, error, 2e-6 + 2e-4 * lost);
            Assert.IsGreaterThanOrEqualTo(quantized, length);
            Assert.AreEqual(quantized, length, 2e-6 + 2e-4 * quantized);
            if (!lanes)
                return;
            for (int lane = 0; lane < 2 * parts; lane++)
            {
                sbyte[] own = [.. codes.Where((_, i) => i / 64 == lane / 2 && i / 2 % 2 == lane % 2)];
                Assert.IsLessThanOrEqualTo(ByteProducts.MaxRowLaneLength * ByteProducts.MaxRowLaneLength, own.Sum(c => c * c));
            }
        }, iter: 200);

    // Of one row, with penalties that end anywhere between the whole numbers that are compared.
    private static void AssertNotExceeded(FilterSpace space, FilterScales scales, float[] query, float[] row)
    {
        const int Count = 640;
        double[] penalties = [.. Enumerable.Range(0, Count).Select(i => 3 * scales.Unit * i / Count)];
        UnitRows gallery = NeighborEngineConformance.Rows(row.Length, Enumerable.Repeat(row, Count));
        AssertNotExceeded(new FilterIndex(new FilterPlan(space, scales, 0, 0), gallery, penalties, new ParallelOptions()), gallery,
            penalties, NeighborEngineConformance.Rows(row.Length, [query]), "penalties");
    }

    private static void AssertNotExceeded(FilterIndex index, UnitRows gallery, double[] penalties, UnitRows queries, string kind)
    {
        var coded = new FilterQueries(index, queries.Blocks.Single().Span);
        int[,] sums = Sums(index, coded, gallery.Count);
        for (int row = 0; row < gallery.Count; row++)
        {
            FilterBlock block = index.BlockOf(row / ByteProducts.Rows);
            for (int query = 0; query < queries.Count; query++)
            {
                double score = NeighborEngineConformance.PlainDot(queries[query], gallery[row]) - penalties[row];
                Assert.IsLessThanOrEqualTo(coded.Refine(query, block.RowOf(row), block.Bounds(row)).Bound, score,
                    $"{kind}: query {query}, row {row}");
                Assert.IsGreaterThanOrEqualTo(Threshold(coded, query, score), sums[query, row], $"{kind}: query {query}, row {row}");
            }
        }
    }

    // What a row's sum must reach where rows must score so much.
    private static int Threshold(FilterQueries queries, int query, double score)
    {
        queries.SetThreshold(query, score);
        return queries.Thresholds(query / ByteProducts.Queries)[query % ByteProducts.Queries];
    }

    // [queries, rows], what the filter compares with the thresholds.
    private static int[,] Sums(FilterIndex index, FilterQueries queries, int rowCount)
    {
        int[] sums = new int[ByteProducts.Queries * ByteProducts.Rows],
            thresholds = [.. Enumerable.Repeat(int.MinValue + 1, ByteProducts.Queries)];
        var hits = new ulong[ByteProducts.Queries];
        var all = new int[queries.Count, rowCount];
        for (int group = 0; group < queries.GroupCount; group++)
        {
            for (int row = 0; row < rowCount; row++)
            {
                int leaf = row / ByteProducts.Rows;
                if (row % ByteProducts.Rows == 0)
                    ByteProducts.Compute(ByteKernels.Fastest, queries.Group(group), index.BlockOf(leaf).Leaf(leaf),
                        index.Space.PrefixDimension, thresholds, sums, hits);
                for (int i = 0; i < ByteProducts.Queries && group * ByteProducts.Queries + i < queries.Count; i++)
                    all[group * ByteProducts.Queries + i, row] = sums[i * ByteProducts.Rows + row % ByteProducts.Rows];
            }
        }

        return all;
    }
}
