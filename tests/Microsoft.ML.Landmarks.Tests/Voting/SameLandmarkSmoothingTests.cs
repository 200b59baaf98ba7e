using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>Rows that are drawn towards those of the same landmark before they are asked.</summary>
[TestClass]
public sealed class SameLandmarkSmoothingTests
{
    private const int Dimension = 9;

    // Sums in double precision in another order, then rounded to Single.
    private const double Rounding = 1e-7;

    [TestMethod]
    [DataRow(0.25)]
    [DataRow(10)]
    public void Fit_RandomRows_AreThoseOfThePlainReference(double weight)
    {
        LabeledRow[] rows = FeatureView.Random(120, Dimension, seed: 1);
        // One landmark has 2 rows, another has 1: it stays as it is, to the last bit.
        LabeledRow[] all = [.. rows, Row(100, 1), Row(100, 2), Row(101, 3)];

        UnitRows before = Fit(all, new()).Gallery.Landmarks;
        UnitRows after = Fit(all, new() { SameLandmarkSmoothing = weight }).Gallery.Landmarks;

        int[] labels = [.. all.Where(row => row.Label >= 0).Select(row => row.Label)];
        AssertNear(Smooth(before, labels, weight), after);
        CollectionAssert.AreEqual(before[after.Count - 1].ToArray(), after[after.Count - 1].ToArray());
    }

    [TestMethod]
    [DataRow(3, 1)]
    [DataRow(3, 4)]
    [DataRow(1, 1)]
    public void Smooth_LandmarksOfManyRowsAmongOthers_AreThoseOfThePlainReference(int landmarks, int threads)
    {
        // One has more rows than are shared out among threads, and its rows stand between those of the others.
        var random = new Random(2);
        int[] landmarkOfRow = [.. Enumerable.Range(0, 2500).Select(row => row % 25 == 24 ? row % landmarks : 0)];
        var rows = new UnitRows(Dimension, valuesInBlock: 50 * Dimension);
        foreach (int landmark in landmarkOfRow)
        {
            float[] row = [.. Enumerable.Range(0, Dimension).Select(i => random.NextSingle() + (i == landmark ? 1 : 0))];
            UnitVector.TryNormalize(row);
            rows.Add(row);
        }

        UnitRows smoothed = RowSmoothing.Smooth(rows, landmarkOfRow, 0.5, new ParallelOptions { MaxDegreeOfParallelism = threads });

        AssertNear(Smooth(rows, landmarkOfRow, 0.5), smoothed);
        UnitRows byAll = RowSmoothing.Smooth(rows, landmarkOfRow, 0.5, new ParallelOptions());
        for (int row = 0; row < rows.Count; row++)
            CollectionAssert.AreEqual(byAll[row].ToArray(), smoothed[row].ToArray());
    }

    [TestMethod]
    public void Smooth_EqualRows_TakesTheEarlierOnes()
    {
        // The last of the landmark is as near to five rows, in two directions.
        UnitRows rows = Rows([1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]);

        UnitRows smoothed = RowSmoothing.Smooth(rows, new int[6], 3, new ParallelOptions());

        // The mean of rows 0, 1 and 2 is (2, 1, 0) / 3.
        AssertRow([2, 1, 1], smoothed[5]);
        // Its three nearest are the two that equal it, not itself, and then the first of the others.
        AssertRow([1 + 2, 1, 0], smoothed[0]);
        AssertRow([2, 1 + 1, 0], smoothed[3]);
    }

    [TestMethod]
    public void Smooth_ManyRowsThatEqualOne_DoNotCountItself()
    {
        UnitRows rows = Rows([1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [0, 1]);

        UnitRows smoothed = RowSmoothing.Smooth(rows, new int[7], 1, new ParallelOptions());

        for (int row = 0; row < 6; row++)
            CollectionAssert.AreEqual(new[] { 1f, 0 }, smoothed[row].ToArray());
        AssertRow([1, 1], smoothed[6]);
    }

    [TestMethod]
    public void Smooth_OppositeRows_StayAsTheyAre()
    {
        UnitRows rows = Rows([1, 0], [-1, 0]);

        UnitRows smoothed = RowSmoothing.Smooth(rows, new int[2], 1, new ParallelOptions());

        CollectionAssert.AreEqual(new[] { 1f, 0 }, smoothed[0].ToArray());
        CollectionAssert.AreEqual(new[] { -1f, 0 }, smoothed[1].ToArray());
    }

    [TestMethod]
    public void Smooth_Cancelled_Throws() => Assert.Throws<OperationCanceledException>(() => RowSmoothing.Smooth(
        Rows([1, 0], [0, 1]), new int[2], 1, new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) }));

    [TestMethod]
    public void Transform_Smoothed_AnswersAsAModelOfTheSmoothedRows()
    {
        LabeledRow[] rows = FeatureView.Random(80, Dimension, seed: 3), queries = FeatureView.Random(30, Dimension, seed: 4);
        KnnLandmarkTransformer smoothed = Fit(rows, new() { SameLandmarkSmoothing = 0.5 });
        int next = 0;
        LabeledRow[] given = [.. rows.Select(row => row.Label < 0 ? row
            : new LabeledRow { Label = row.Label, Features = smoothed.Gallery.Landmarks[next++].ToArray() })];

        KnnLandmarkTransformer expected = Fit(given, new());

        // Given rows are scaled once more.
        for (int row = 0; row < expected.LandmarkRowCount; row++)
            Assert.AreEqual(expected.Gallery.Penalties[row], smoothed.Gallery.Penalties[row], Rounding);
        IDataView asked = View(queries), answers = smoothed.Transform(asked), others = expected.Transform(asked);
        CollectionAssert.AreEqual(others.Values<int>("PredictedLabel"), answers.Values<int>("PredictedLabel"));
        float[] scores = others.Values<float>("Score"), actual = answers.Values<float>("Score");
        for (int i = 0; i < scores.Length; i++)
            Assert.AreEqual(scores[i], actual[i], 10 * Rounding);
    }

    [TestMethod]
    public void Fit_WithTuning_ChoosesOnTheRowsBefore()
    {
        LabeledRow[] rows = FeatureView.Random(160, Dimension, seed: 5);
        KnnLandmarkTransformer before = Fit(rows, new() { Tuning = new KnnLandmarkTuning() });

        KnnLandmarkTransformer smoothed = Fit(rows, new() { Tuning = new KnnLandmarkTuning(), SameLandmarkSmoothing = 0.5 });

        // A row that is asked must not be found in those that were drawn towards it.
        Assert.AreEqual(Choice(before), Choice(smoothed));
        KnnLandmarkTransformer told = Fit(rows, new()
        {
            SameLandmarkSmoothing = 0.5,
            TrainingPenaltyWeight = smoothed.TrainingPenaltyWeight,
            QueryPenaltyWeight = smoothed.QueryPenaltyWeight,
            SimilarityExponent = smoothed.SimilarityExponent,
        });
        ViewReader.AssertSameRows(told.Transform(View(rows)).AllRows(), smoothed.Transform(View(rows)).AllRows());
    }

    [TestMethod]
    public void Fit_WithTuningOfTooFewRows_IsSmoothedAllTheSame()
    {
        LabeledRow[] rows = FeatureView.Random(30, Dimension, seed: 5);

        KnnLandmarkTransformer tuned = Fit(rows, new() { Tuning = new KnnLandmarkTuning(), SameLandmarkSmoothing = 0.5 });

        Assert.IsNotNull(tuned.TuningResult!.ReasonNotTuned);
        ViewReader.AssertSameRows(Fit(rows, new() { SameLandmarkSmoothing = 0.5 }).Transform(View(rows)).AllRows(),
            tuned.Transform(View(rows)).AllRows());
    }

    [TestMethod]
    [DataRow(-0.1, "-0.1")]
    [DataRow(10.5, "10.5")]
    [DataRow(double.NaN, "NaN")]
    public void SameLandmarkSmoothing_OutOfRange_IsRefused(double weight, string shown)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new KnnLandmarkEstimator.Options { SameLandmarkSmoothing = weight });

        Assert.StartsWith($"SameLandmarkSmoothing is {shown}; it must be from 0 to 10.", error.Message);
    }

    private static (double, double, double, double?) Choice(KnnLandmarkTransformer model)
        => (model.TrainingPenaltyWeight, model.QueryPenaltyWeight, model.SimilarityExponent,
            model.TuningResult!.EstimatedGlobalAveragePrecision);

    /// <summary>As the option tells it, by plain loops.</summary>
    private static double[][] Smooth(UnitRows rows, int[] landmarkOfRow, double weight)
    {
        return [.. Enumerable.Range(0, rows.Count).Select(row =>
        {
            int[] nearest = [.. Enumerable.Range(0, rows.Count).Where(other => other != row && landmarkOfRow[other] == landmarkOfRow[row])
                .OrderByDescending(other => PlainVote.Cosine(rows[row].ToArray(), rows[other].ToArray())).Take(3)];
            double[] sum = [.. Enumerable.Range(0, rows.Dimension).Select(i
                => rows[row][i] + (nearest.Length == 0 ? 0 : weight * nearest.Average(other => (double)rows[other][i])))];
            double length = Math.Sqrt(sum.Sum(value => value * value));
            return sum.Select(value => value / length).ToArray();
        })];
    }

    private static void AssertNear(double[][] expected, UnitRows actual)
    {
        Assert.AreEqual(expected.Length, actual.Count);
        for (int row = 0; row < expected.Length; row++)
        {
            for (int i = 0; i < expected[row].Length; i++)
                Assert.AreEqual(expected[row][i], actual[row][i], Rounding, $"row {row}");
        }
    }

    private static void AssertRow(float[] direction, ReadOnlySpan<float> actual)
    {
        UnitVector.TryNormalize(direction);
        for (int i = 0; i < direction.Length; i++)
            Assert.AreEqual(direction[i], actual[i], Rounding);
    }

    private static UnitRows Rows(params float[][] values)
    {
        var rows = new UnitRows(values[0].Length);
        foreach (float[] row in values)
            rows.Add(row);
        return rows;
    }

    private static LabeledRow Row(int label, int seed)
        => new() { Label = label, Features = FeatureView.Random(1, Dimension, seed)[0].Features };

    private static KnnLandmarkTransformer Fit(LabeledRow[] rows, KnnLandmarkEstimator.Options options)
        => new MLContext().Transforms.KnnLandmark(options).Fit(View(rows));

    private static IDataView View(LabeledRow[] rows) => FeatureView.Create(new MLContext(), rows, Dimension);
}
