using CsCheck;
using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>Each step of the filter's proof against exact arithmetic.</summary>
[TestClass]
public sealed class FilterBoundStepTests
{
    private static readonly string[] s_kinds = ["isotropic", "around a mean", "rank 20", "heavy tails", "one coordinate"];

    [TestMethod]
    public void Offsets_AnyRows_SplitScoresUpToRounding()
        => Gen.Select(Gen.Int[130, 300], Gen.Int[0, 1_000_000], Gen.Double[-3, 4]).Sample((dimension, seed, penaltyExponent) =>
        {
            var random = new Random(seed);
            float[][] rows = Rows(dimension, random);
            float[] query = rows[0], row = rows[1], mean = [.. rows[2].Select(value => 0.7f * value)];
            double penalty = Math.Pow(10, penaltyExponent) * random.NextDouble();

            double offsets = FilterBound.OffsetOfQuery(query, mean, ExactDot.Compute(mean, mean))
                + FilterBound.OffsetOfRow(row, mean, penalty);

            Dyadic score = Dyadic.Dot(query, row) - penalty, centered = Dyadic.Dot(Differences(query, mean), Differences(row, mean));
            AssertAtMost(FilterBound.DoubleError(penalty, dimension), Dyadic.Abs(score - centered - offsets));
        }, iter: 100);

    [TestMethod]
    public void CenteringError_AnyRows_HoldsWhatIsRounded()
        => Gen.Select(Gen.Int[130, 300], Gen.Int[0, 1_000_000]).Sample((dimension, seed) =>
        {
            float[][] rows = Rows(dimension, new Random(seed));
            float[] mean = rows[2], query = Centered(rows[0], mean), row = Centered(rows[1], mean);

            Dyadic lost = Dyadic.Dot(Differences(rows[0], mean), Differences(rows[1], mean)) - Dyadic.Dot(query, row);

            AssertAtMost(FilterBound.CenteringError * Length(query) * Length(row), Dyadic.Abs(lost));
        }, iter: 100);

    [TestMethod]
    public void ProjectionErrorAndResidual_AnyVectors_AreNotExceeded()
    {
        // Axes that are exactly orthonormal in Single: signs, divided by the root of 256.
        const int Dimension = 256, Prefix = 64;
        float[][] axes = [.. Enumerable.Range(0, Prefix).Select(axis =>
            Enumerable.Range(0, Dimension).Select(i => int.IsEvenInteger(int.PopCount(axis & i)) ? 1 / 16f : -1 / 16f).ToArray())];
        var space = new FilterSpace(new float[Dimension], [.. axes.SelectMany(axis => axis)], Prefix);
        double error = FilterBound.ProjectionError(Prefix, dimensionsInChain: 128, chains: 2);
        Assert.AreEqual(error, space.PrefixError);
        var buffer = new FilterSpace.Buffer(space);
        var random = new Random(1);
        float[] held = [.. Enumerable.Range(0, Dimension).Select(i => axes.Take(9).Sum(axis => (1 + axis[1]) * axis[i]))];
        // Each small value is a little more than half a unit in the last place of the sum so far: all are rounded up.
        float[] roundedUp = [.. Enumerable.Range(0, Dimension).Select(i => i % 128 == 0 ? 1 : (float)(0.52 * Math.ScaleB(1, -23)))];
        IEnumerable<float[]> vectors = s_kinds.SelectMany(kind => HardRows.Create(kind, 5, Dimension, random));
        foreach (float[] vector in vectors.Concat([held, roundedUp, axes[3]]))
        {
            space.Map(vector, buffer);

            Dyadic[] prefix = [.. axes.Select(axis => Dyadic.Dot(axis, vector))];
            Dyadic[] lost = [.. prefix.Zip(buffer.PrefixOf(0).ToArray(), (exact, measured) => exact - measured)];
            Dyadic square = Dyadic.Dot(vector, vector);
            AssertAtMost((Dyadic)error * error * square, Dyadic.Dot(lost, lost));
            double residual = FilterBound.Residual(buffer.Squares[0], Length(buffer.PrefixOf(0)), error);
            Assert.AreEqual(residual, buffer.Residuals[0]);
            AssertAtMost((Dyadic)residual * residual, square - Dyadic.Dot(prefix, prefix));
        }
    }

    [TestMethod]
    public void LongestOf_RotatedVectors_IsNotExceeded()
        => Gen.Select(Gen.Int[1, 300], Gen.Int[0, 1_000_000]).Sample((dimension, seed) =>
        {
            float[] vector = NeighborEngineConformance.Random(1, dimension, new Random(seed))[0].ToArray();
            var rotation = new Hadamard(dimension);
            double longest = FilterBound.LongestOf(Length(vector), rotation.RelativeError);

            rotation.Rotate(vector);

            AssertAtMost((Dyadic)longest * longest, Dyadic.Dot(vector, vector));
        }, iter: 100);

    [TestMethod]
    public void ProductError_VectorsOffByAsMuch_IsThatOfTheirProduct()
    {
        double error = Math.ScaleB(1, -20);

        Assert.AreEqual((1 + error) * (1 + error) - 1, FilterBound.ProductError(error));
    }

    [TestMethod]
    public void Terms_AnyNumbers_LetPassWhatScoresAsMuch()
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[-2, 2]).Sample((seed, balance) =>
        {
            var random = new Random(seed);
            double Any(double most) => most * (2 * random.NextDouble() - 1);
            double Length(double most) => most * random.NextDouble();
            float sizeOfQuery = (float)(1e-3 + Length(0.01)), sizeOfRow = (float)(1e-3 + Length(0.01));
            var scales = new FilterScales(sizeOfQuery, sizeOfRow, Math.ScaleB(1, balance), QueryLength: Length(1));
            double offsetOfRow = Any(1), errorOfRow = Length(0.05), residualOfRow = Length(0.5), prefixOfRow = Length(2);
            double offsetOfQuery = Any(1), errorOfQuery = Length(0.05), residualOfQuery = Length(0.5), prefixOfQuery = Length(2);
            int product = random.Next(-100_000, 100_000);

            int sum = product + FilterBound.Constant(FilterBound.TermOfRow(offsetOfRow, errorOfRow, residualOfRow, scales), scales);
            double queryTerm = FilterBound.TermOfQuery(offsetOfQuery, errorOfQuery, residualOfQuery, prefixOfRow, scales)
                + FilterBound.Excess(prefixOfQuery, errorOfRow, scales) + FilterBound.Rounding(0, 0, 0, largestPenalty: 1, dimension: 64);

            // The most that such a row can score.
            Dyadic best = (Dyadic)scales.Query * scales.Row * product + (Dyadic)errorOfQuery * prefixOfRow
                + (Dyadic)Math.Max(prefixOfQuery, scales.QueryLength) * errorOfRow
                + ((Dyadic)scales.Balance * residualOfQuery * residualOfQuery
                    + (Dyadic)(1 / scales.Balance) * residualOfRow * residualOfRow) * 0.5
                + offsetOfQuery + offsetOfRow;
            int threshold = FilterBound.Threshold(best.Floor(), queryTerm, scales);
            Assert.IsGreaterThanOrEqualTo(threshold, sum);
            // Both are rounded up by less than one; the slack takes at most one more.
            Assert.IsLessThanOrEqualTo(threshold + 2, sum);
        }, iter: 2_000);

    [TestMethod]
    public void Constant_OtherPenalty_HoldsTheDifference()
        => Gen.Select(Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.Double[1e-6, 1e-4]).Sample((term, difference, size) =>
        {
            var scales = new FilterScales((float)size, 1, Balance: 1, QueryLength: 1);

            int constant = FilterBound.Constant(FilterBound.Constant(term, scales), difference, scales);

            AssertAtMost((Dyadic)constant * scales.Unit + FilterBound.DoubleError(1, 64), (Dyadic)term + difference);
        });

    [TestMethod]
    public void ConstantAndThreshold_BeyondTheirLimits_LetPass()
    {
        var scales = new FilterScales(1e-3f, 1e-3f, Balance: 1, QueryLength: 1);
        const int MostProduct = 4096 * ByteProducts.MaxQueryCode * ByteProducts.MaxRowCode;

        int largest = FilterBound.Constant(1e30, scales), smallest = FilterBound.Constant(-1e30, scales);

        Assert.AreEqual(largest, FilterBound.Constant(largest, difference: -1e30, scales));
        Assert.IsGreaterThanOrEqualTo(FilterBound.Threshold(1e30, 0, scales), largest - MostProduct);
        Assert.IsGreaterThanOrEqualTo(FilterBound.Threshold(double.NegativeInfinity, 0, scales), smallest - MostProduct);
        Assert.IsLessThan(smallest, FilterBound.ConstantOfNoRow);
        Assert.IsLessThan(FilterBound.ThresholdOfNoQuery, largest + MostProduct);
    }

    [TestMethod]
    public void OfAllCoordinates_AnyVectors_IsNotExceeded()
        => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 1_000_000]).Sample((parts, seed) =>
        {
            int dimension = 64 * parts;
            var random = new Random(seed);
            float[] query = NeighborEngineConformance.Random(1, dimension, random)[0].ToArray();
            sbyte[] queryCodes = new sbyte[dimension], rowCodes = new sbyte[dimension];
            FilterRow ofQuery = FilterRow.Quantize(query, random.NextDouble(), queryCodes);
            // What quantising the query loses is all that it has in common with the row; or as any two rows.
            float[] row = random.Next(2) == 0
                ? [.. query.Zip(queryCodes, (value, code) => value - ofQuery.Scale * code)]
                : NeighborEngineConformance.Random(1, dimension, random)[0].ToArray();
            FilterRow ofRow = FilterRow.Quantize(row, random.NextDouble(), rowCodes);
            double estimate = (double)ofQuery.Scale * ofRow.Scale * ByteDot.Compute(queryCodes, rowCodes) + ofQuery.Offset + ofRow.Offset;

            double bound = FilterBound.OfAllCoordinates(estimate, ofQuery, ofRow, FilterBound.LongestOf(Length(query), 0),
                FilterBound.Rounding(0, Length(query), Length(row), largestPenalty: 0, dimension));

            AssertAtMost(bound, Dyadic.Dot(query, row) + ofQuery.Offset + ofRow.Offset);
        }, iter: 200);

    private static void AssertAtMost(Dyadic most, Dyadic value)
        => Assert.IsLessThanOrEqualTo(0, value.CompareTo(most), $"{value.Floor():R} is above {most.Floor():R}");

    private static float[][] Rows(int dimension, Random random)
        => [.. HardRows.Create(s_kinds[random.Next(s_kinds.Length)], 3, dimension, random)];

    private static float[] Centered(float[] row, float[] mean) => [.. row.Zip(mean, (a, b) => a - b)];

    private static IEnumerable<Dyadic> Differences(float[] row, float[] mean) => row.Zip(mean, (a, b) => (Dyadic)a - b);

    private static double Length(ReadOnlySpan<float> vector) => Math.Sqrt(ExactDot.Compute(vector, vector));
}
