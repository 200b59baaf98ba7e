using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests.Voting;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Tests.Whitening;

[TestClass]
public sealed class WhitenFeaturesTests
{
    [TestMethod]
    public void Fit_GoldenSample_GivesTheGoldenCosines()
    {
        var mlContext = new MLContext();

        WhiteningTransformer whitening = mlContext.Transforms.WhitenFeatures("Features", dimension: 128)
            .Fit(GoldenSample.Read(mlContext, "train", "nonlandmark"));

        float[][] train = whitening.Transform(GoldenSample.Read(mlContext, "train")).Vectors("Features");
        float[][] query = whitening.Transform(GoldenSample.Read(mlContext, "query")).Vectors("Features");
        double[] expected = TestFiles.ReadDoubles(TestFiles.Golden("sample", "whitened", "query_train_cosines.f64"));
        Assert.HasCount(query.Length * train.Length, expected);
        for (int i = 0; i < query.Length; i++)
        {
            Assert.HasCount(128, query[i]);
            for (int j = 0; j < train.Length; j++)
                Assert.AreEqual(expected[i * train.Length + j], Cosine(query[i], train[j]), 1e-6, $"query {i}, row {j}");
        }
    }

    [TestMethod]
    public void Fit_GoldenSample_RecognisesAsTheGoldenResults()
    {
        var mlContext = new MLContext();
        var pipeline = mlContext.Transforms.WhitenFeatures("Whitened", "Features", dimension: 128)
            .Append(mlContext.Transforms.KnnLandmark(featureColumnName: "Whitened"));

        IDataView predictions = pipeline.Fit(GoldenSample.Read(mlContext, "train", "nonlandmark"))
            .Transform(GoldenSample.Read(mlContext, "query"));

        string[][] golden = TestFiles.ReadCsv(TestFiles.Golden("sample", "whitened", "predictions.csv"));
        CollectionAssert.AreEqual(golden.Select(f => f[1]).ToArray(), predictions.Values<int>("PredictedLabel")
            .Select(label => $"{label}").ToArray());
        // A score is the sum of up to five cosines, less a penalty.
        float[] scores = predictions.Values<float>("Score");
        for (int i = 0; i < golden.Length; i++)
            Assert.AreEqual(double.Parse(golden[i][2], CultureInfo.InvariantCulture), scores[i], 2e-6);
    }

    [TestMethod]
    public void ToPrincipalComponents_GoldenSample_HasTheGoldenEigenvaluesAndOneLessThanRows()
    {
        var moments = new RowMoments(GoldenSample.Dimension, new ParallelOptions());
        foreach (LabeledRow row in GoldenSample.ReadRows("train").Concat(GoldenSample.ReadRows("nonlandmark")))
            moments.Add(row.Features);

        PrincipalComponents axes = moments.ToPrincipalComponents();

        double[] expected = TestFiles.ReadDoubles(TestFiles.Golden("sample", "whitened", "eigenvalues.f64"));
        Assert.HasCount(199, axes.Eigenvalues);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], axes.Eigenvalues[i], 1e-7 * expected[0]);
    }

    // Fewer rows than columns, as many, and more, in blocks that are full and in one that is not; fewer axes than either; repeated rows.
    // The tolerance: rounding a row to Single, times the square root of the largest eigenvalue by the smallest.
    [TestMethod]
    [DataRow(2, 5, 5)]
    [DataRow(4, 61, 61)]
    [DataRow(6, 7, 7)]
    [DataRow(7, 7, 7)]
    [DataRow(8, 7, 7)]
    [DataRow(21, 7, 7)]
    [DataRow(53, 7, 7)]
    [DataRow(100, 61, 61)]
    [DataRow(40, 2, 2)]
    [DataRow(30, 12, 3)]
    [DataRow(9, 12, 3)]
    public void Fit_AnySizes_EqualsThePlainReference(int count, int dimension, int rank)
    {
        foreach (float exponent in (float[])[0, 0.5f, 1, 1.5f])
        {
            float[][] rows = Rows(count, dimension, rank);
            double[][] expected = PlainWhitening.Whiten(rows, exponent);

            float[][] whitened = Whiten(rows, new() { OutputColumnName = "Features", Dimension = 2000, Exponent = exponent });

            Assert.HasCount(expected[0].Length, whitened[0]);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j <= i; j++)
                    Assert.AreEqual(PlainWhitening.Cosine(expected[i], expected[j]), Cosine(whitened[i], whitened[j]), 2e-5,
                        $"rows {i} and {j}, exponent {exponent}");
            }
        }
    }

    [TestMethod]
    public void Fit_DimensionBelowTheAxes_KeepsTheFirst()
    {
        float[][] rows = Rows(40, 9, 9), all = Whiten(rows, new() { OutputColumnName = "Features" });

        foreach (int dimension in (int[])[1, 4, 9])
        {
            float[][] some = Whiten(rows, new() { OutputColumnName = "Features", Dimension = dimension });
            for (int i = 0; i < rows.Length; i++)
            {
                double length = Math.Sqrt(Cosine(all[i].Take(dimension), all[i].Take(dimension)));
                CollectionAssert.AreEqual(all[i].Take(dimension).Select(v => Math.Round(v / length, 5)).ToArray(), some[i]
                    .Select(v => Math.Round(v, 5)).ToArray());
            }
        }
    }

    [TestMethod]
    public void Fit_MoreDimensionsThanAxes_GivesAVectorOfTheAxes()
    {
        var mlContext = new MLContext();
        IDataView view = View(mlContext, Rows(4, 9, 9));

        DataViewSchema schema = mlContext.Transforms.WhitenFeatures("Whitened", "Features").Fit(view).GetOutputSchema(view.Schema);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Whitened"].Type);
    }

    [TestMethod]
    public void Transform_LengthOfARow_DoesNotMatter()
    {
        float[][] rows = Rows(30, 6, 6);
        // Powers of two change no digit.
        float[][] scaled = [.. rows.Select((row, i) => row.Select(v => MathF.ScaleB(v, i % 9 - 4)).ToArray())];

        AssertSame(Whiten(rows, new() { OutputColumnName = "Features" }), Whiten(scaled, new() { OutputColumnName = "Features" }));
    }

    [TestMethod]
    public void Transform_ARowThatDiffersFromTheMeanAlongNoAxis_BecomesZeros()
    {
        // The mean of these units is (0, 0), and the one axis that is kept is the first.
        float[][] rows = [[1, 0], [-1, 0], [2, 0], [-3, 0], [0, 2], [0, -1]];

        float[][] whitened = Whiten(rows, new() { OutputColumnName = "Features", Dimension = 1 });

        CollectionAssert.AreEqual(new float[] { 0, 0 }, whitened[4..].SelectMany(row => row).ToArray());
        foreach (float[] row in whitened[..4])
            Assert.AreEqual(1, Cosine(row, row), 1e-6);
    }

    [TestMethod]
    public void Fit_RowsOfZeros_AreLeftOutCountedAndWhitenedToNaN()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        float[][] rows = Rows(30, 6, 6);
        List<float[]> withZeros = [.. rows];
        withZeros.Insert(3, new float[6]);
        withZeros.Insert(20, [0, -0f, 0, 0, 0, 0]);
        withZeros.Insert(25, [0, float.NaN, 0, 0, 0, 0]);

        float[][] whitened = Whiten([.. withZeros], new() { OutputColumnName = "Features" }, mlContext);

        CollectionAssert.AreEqual(new[]
        {
            "1 row has a feature that is NaN or infinite and is left out.",
            "2 rows have features that are all 0, whose cosine is undefined, and are left out. Look at what they show, and where they "
                + "are many, at the network.",
        }, warnings);
        Assert.IsTrue(whitened[3].Concat(whitened[20]).Concat(whitened[25]).All(float.IsNaN));
        AssertSame(Whiten(rows, new() { OutputColumnName = "Features" }), [.. whitened.Where((_, i) => i is not 3 and not 20 and not 25)]);
    }

    [TestMethod]
    public void Fit_SampleWithRowsOfZeros_SaysHowManyAreLeft()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        float[][] rows = [.. Rows(40, 5, 5).Select((row, i) => i < 20 ? new float[5] : row)];

        Whiten(rows, new() { OutputColumnName = "Features", MaximumExampleCount = 30 }, mlContext);

        var sample = new RowSample(40, 30);
        int zeros = Enumerable.Range(0, 40).Count(i => sample.TakesNext() && i < 20);
        Assert.AreEqual($"{zeros} of 30 rows that were drawn from 40 have features that are all 0, whose cosine is undefined, and are "
            + $"left out; {30 - zeros} are learned from. "
            + "Look at what they show, and where they are many, at the network.", Assert.ContainsSingle(warnings));
    }

    [TestMethod]
    public void KnnLandmark_AfterRowsOfZeros_LeavesThemOutToo()
    {
        // Centred, they would all have one direction, and be nearest to each other.
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        LabeledRow[] rows = FeatureView.Random(30, 6, seed: 3);
        Array.Clear(rows[4].Features);
        Array.Clear(rows[7].Features);
        IDataView view = FeatureView.Create(mlContext, rows, 6);

        IDataView predictions = mlContext.Transforms.WhitenFeatures("Features").Append(mlContext.Transforms.KnnLandmark()).Fit(view)
            .Transform(view);

        CollectionAssert.AreEqual(Enumerable.Range(0, 30).Select(i => i is 4 or 7).ToArray(),
            predictions.Values<float>("Score").Select(float.IsNaN).ToArray());
        CollectionAssert.AreEqual(new[]
        {
            "2 rows have features that are all 0, whose cosine is undefined, and are left out. Look at what they show, and where they "
                + "are many, at the network.",
            "2 rows have a feature that is NaN or infinite and are left out.",
        }, warnings);
    }

    [TestMethod]
    public void Fit_MissingRows_AreLeftOutCountedAndWhitenedToNaN()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        float[][] rows = Rows(30, 6, 6);
        List<float[]> withMissing = [.. rows];
        withMissing.Insert(3, [0, float.NaN, 0, 0, 0, 0]);
        withMissing.Insert(20, [0, 0, 0, 0, 0, float.NegativeInfinity]);

        float[][] whitened = Whiten([.. withMissing], new() { OutputColumnName = "Features" }, mlContext);

        CollectionAssert.AreEqual(new[] { "2 rows have a feature that is NaN or infinite and are left out." }, warnings);
        Assert.IsTrue(whitened[3].Concat(whitened[20]).All(float.IsNaN));
        AssertSame(Whiten(rows, new() { OutputColumnName = "Features" }), [.. whitened.Where((_, i) => i is not 3 and not 20)]);
    }

    [TestMethod]
    public void KnnLandmark_AfterAMissingRow_AnswersItAsMissing()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = FeatureView.Random(30, 6, seed: 3);
        rows[4].Features[1] = float.NaN;
        IDataView view = FeatureView.Create(mlContext, rows, 6);

        IDataView predictions = mlContext.Transforms.WhitenFeatures("Features").Append(mlContext.Transforms.KnnLandmark()).Fit(view)
            .Transform(view);

        CollectionAssert.AreEqual(Enumerable.Range(0, 30).Select(i => i == 4).ToArray(), predictions.Values<float>("Score")
            .Select(float.IsNaN).ToArray());
    }

    [TestMethod]
    public void Fit_NoRowLeft_Throws()
    {
        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(()
            => Whiten([[1, float.NaN], [float.NaN, 0]], new() { OutputColumnName = "Features" }));

        Assert.AreEqual("There is nothing to whiten: no row is left of 'Features', 2 have a feature that is NaN or infinite, and 0 "
            + "zeros alone. Add rows.", error.Message);
    }

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(2, 3)]
    [DataRow(7, 3)]
    [DataRow(3, 1)]
    public void Fit_EqualRows_Throws(int count, int dimension)
    {
        float[][] rows = [.. Enumerable.Range(1, count).Select(i => Enumerable.Range(1, dimension).Select(j => 0.1f * i * j).ToArray())];

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => Whiten(rows, new() { OutputColumnName = "Features" }));

        Assert.AreEqual($"There is nothing to whiten: all rows ({count}) have the same features in 'Features', but for their length. Add "
            + "rows that differ.", error.Message);
    }

    [TestMethod]
    public void Fit_NumberOfThreads_DoesNotChangeTheBits()
    {
        foreach ((int count, int dimension) in ((int, int)[])[(300, 130), (60, 130)])
        {
            float[][] rows = Rows(count, dimension, dimension),
                expected = Whiten(rows, new() { OutputColumnName = "Features", MaxDegreeOfParallelism = 1 });

            AssertSame(expected, Whiten(rows, new() { OutputColumnName = "Features", MaxDegreeOfParallelism = 3 }));
            AssertSame(expected, Whiten(rows, new() { OutputColumnName = "Features" }));
        }
    }

    [TestMethod]
    public void Fit_MoreRowsThanTheMaximum_LearnsFromTheSameSampleEachTime()
    {
        float[][] rows = Rows(400, 5, 5), all = Whiten(rows, new() { OutputColumnName = "Features" });

        float[][] once = Whiten(rows, new() { OutputColumnName = "Features", MaximumExampleCount = 200 }),
            again = Whiten(rows, new() { OutputColumnName = "Features", MaximumExampleCount = 200 });

        AssertSame(once, again);
        AssertSame(all, Whiten(rows, new() { OutputColumnName = "Features", MaximumExampleCount = 400 }));
        Assert.IsTrue(Enumerable.Range(0, 100).Any(i => Math.Abs(Cosine(all[i], all[i + 1]) - Cosine(once[i], once[i + 1])) > 1e-4));
        Assert.IsTrue(Enumerable.Range(0, 100).All(i => Math.Abs(Cosine(all[i], all[i + 1]) - Cosine(once[i], once[i + 1])) < 0.2));
    }

    [TestMethod]
    public void Fit_SampleWithMissingRows_SaysHowManyAreLeft()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        float[][] rows = Rows(40, 5, 5);
        foreach (float[] row in rows.Take(20))
            row[2] = float.NaN;

        Whiten(rows, new() { OutputColumnName = "Features", MaximumExampleCount = 30 }, mlContext);

        var sample = new RowSample(40, 30);
        int missing = Enumerable.Range(0, 40).Count(i => sample.TakesNext() && i < 20);
        Assert.AreEqual($"{missing} of 30 rows that were drawn from 40 have a feature that is NaN or infinite and are left out; "
            + $"{30 - missing} are learned from.", Assert.ContainsSingle(warnings));
    }

    [TestMethod]
    public void Fit_NothingToWhitenInASample_SaysThatItIsOne()
    {
        float[][] equal = [.. Enumerable.Repeat(new float[] { 1, 2 }, 9)],
            missing = [.. Enumerable.Repeat(new float[] { 1, float.NaN }, 9)];
        string Message(float[][] rows)
            => Assert.ThrowsExactly<InvalidOperationException>(()
            => Whiten(rows, new() { OutputColumnName = "Features", MaximumExampleCount = 4 })).Message;

        Assert.AreEqual("There is nothing to whiten: all rows (4) of those that were drawn from 9 have the same features in 'Features', "
            + "but for their length. Add rows that differ, or raise MaximumExampleCount.", Message(equal));
        Assert.AreEqual("There is nothing to whiten: no row of those that were drawn from 9 is left of 'Features', 4 have a feature "
            + "that is NaN or infinite, and 0 zeros alone. Add rows, or raise MaximumExampleCount.", Message(missing));
    }

    // The largest variance is 2^-41 and the second 2^-49: more than 1e-10 of it, and less than rounding leaves.
    [TestMethod]
    public void Fit_VarianceBelowThatOfRounding_IsNoAxis()
    {
        float first = MathF.ScaleB(1, -20), second = MathF.ScaleB(1, -24);
        float[][] rows = [[1, first, 0, 0], [1, -first, 0, 0], [1, 0, second, 0], [1, 0, -second, 0]];

        Assert.HasCount(1, Whiten(rows, new() { OutputColumnName = "Features" })[0]);
        foreach (float[] row in rows)
            row[2] *= 4;
        Assert.HasCount(2, Whiten(rows, new() { OutputColumnName = "Features" })[0]);
    }

    [TestMethod]
    public void Options_EmptyInputColumnName_ThrowsWhereItIsSet()
        => Assert.AreEqual("InputColumnName",
        Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.WhitenFeatures("A", "")).ParamName);

    [TestMethod]
    [DataRow(10, 3)]
    [DataRow(10, 10)]
    [DataRow(10, 20)]
    [DataRow(1000, 100)]
    public void RowSample_AnySize_TakesThatManyFromEverywhere(int rowCount, int sampleSize)
    {
        var sample = new RowSample(rowCount, sampleSize);

        int[] taken = [.. Enumerable.Range(0, rowCount).Where(_ => sample.TakesNext())];

        Assert.HasCount(Math.Min(rowCount, sampleSize), taken);
        Assert.IsLessThan(rowCount / 2, taken[0]);
        Assert.IsGreaterThan(rowCount / 2, taken[^1]);
        Assert.IsFalse(sample.TakesNext(), "There are more rows than were counted.");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Fit_PhotographsBefore_EmbedsEachOnce(bool cache)
    {
        var mlContext = new MLContext();
        var photos = new CountingView(
            mlContext.Data.LoadFromEnumerable(GoldenCase.ReadAll().Where(c => c.Name.StartsWith("large", StringComparison.Ordinal))
            .Select(c => new PathRow { ImagePath = c.Path })));
        var embedding = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 16)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")));

        (cache ? embedding.AppendCacheCheckpoint(mlContext) : embedding).Append(mlContext.Transforms.WhitenFeatures("Features"))
            .Fit(photos);

        Assert.AreEqual(4, photos.Evaluations["ImagePath"]);
    }

    [TestMethod]
    public void Fit_Cancelled_Throws()
        => Assert.Throws<OperationCanceledException>(()
        => Whiten(Rows(20, 4, 4), new() { OutputColumnName = "Features", CancellationToken = new CancellationToken(canceled: true) }));

    [TestMethod]
    [DataRow(nameof(WhiteningEstimator.Options.Dimension), 0)]
    [DataRow(nameof(WhiteningEstimator.Options.MaximumExampleCount), 1)]
    [DataRow(nameof(WhiteningEstimator.Options.MaxDegreeOfParallelism), 0)]
    [DataRow(nameof(WhiteningEstimator.Options.Exponent), -0.01f)]
    [DataRow(nameof(WhiteningEstimator.Options.Exponent), 2.01f)]
    [DataRow(nameof(WhiteningEstimator.Options.Exponent), float.NaN)]
    public void Options_OutOfRange_ThrowsWhereItIsSet(string name, float value)
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = name switch
        {
            nameof(WhiteningEstimator.Options.Dimension)
                => new WhiteningEstimator.Options { OutputColumnName = "a", Dimension = (int)value },
            nameof(WhiteningEstimator.Options.MaximumExampleCount)
                => new WhiteningEstimator.Options { OutputColumnName = "a", MaximumExampleCount = (long)value },
            nameof(WhiteningEstimator.Options.MaxDegreeOfParallelism)
                => new WhiteningEstimator.Options { OutputColumnName = "a", MaxDegreeOfParallelism = (int)value },
            _ => new WhiteningEstimator.Options { OutputColumnName = "a", Exponent = value },
        });
        Assert.AreEqual(name, error.ParamName);
    }

    /// <summary>Rows of this rank at most, with different spreads along as many directions; every fifth row is the one before it
    /// again.</summary>
    private static float[][] Rows(int count, int dimension, int rank)
    {
        var random = new Random(count * 1000 + dimension);
        float[][] directions = [.. Enumerable.Range(0, rank)
            .Select(i => Enumerable.Range(0, dimension)
            .Select(j => (rank < dimension ? random.NextSingle() - 0.5f : i == j ? 1 : 0) / (1 + i % 3)).ToArray())];
        float[][] rows = [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] weights = [.. Enumerable.Range(0, rank).Select(_ => random.NextSingle() - 0.3f)];
            return Enumerable.Range(0, dimension).Select(j => weights.Select((w, i) => w * directions[i][j]).Sum()).ToArray();
        })];
        for (int i = 4; i < count; i += 5)
            rows[i] = rows[i - 1];
        return rows;
    }

    private static float[][] Whiten(float[][] rows, WhiteningEstimator.Options options, MLContext? mlContext = null)
    {
        mlContext ??= new MLContext();
        IDataView view = View(mlContext, rows);
        return mlContext.Transforms.WhitenFeatures(options).Fit(view).Transform(view).Vectors(options.OutputColumnName);
    }

    private static IDataView View(MLContext mlContext, float[][] rows)
        => FeatureView.Create(mlContext, rows.Select(row => new LabeledRow { Features = row }), rows[0].Length);

    private static double Cosine(IEnumerable<float> a, IEnumerable<float> b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i], $"row {i}");
    }
}
