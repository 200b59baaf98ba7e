using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting;

[TestClass]
public sealed class KnnLandmarkTests
{
    [TestMethod]
    public void Fit_Ids_NameTheNeighbors()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = FeatureView.Random(40, 8, seed: 1);
        IDataView view = FeatureView.Create(mlContext, rows, 8);
        var byPosition = new KnnLandmarkEstimator.Options { NeighborsColumnName = "Neighbors" };
        var byId = new KnnLandmarkEstimator.Options { NeighborsColumnName = "Neighbors", IdColumnName = "Id" };
        string[] landmarkIds = [.. rows.Where(r => r.Label >= 0).Select(r => r.Id)];

        VBuffer<long>[] positions = mlContext.Transforms.KnnLandmark(byPosition).Fit(view)
            .Transform(view).Values<VBuffer<long>>("Neighbors");
        VBuffer<ReadOnlyMemory<char>>[] ids = mlContext.Transforms.KnnLandmark(byId).Fit(view)
            .Transform(view).Values<VBuffer<ReadOnlyMemory<char>>>("Neighbors");

        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(positions[i].DenseValues().Select(p => landmarkIds[p]).ToArray(), ids[i].DenseValues()
                .Select(id => id.ToString()).ToArray());
    }

    [TestMethod]
    public void Load_ThenManySingleQueries_PreparesNothingAtFirstAndTheFilterInTime()
    {
        // So many rows that single queries repay a filter within a second.
        const int Dimension = 64;
        var mlContext = new MLContext(seed: 1);
        IDataView rows = FeatureView.Create(mlContext, FeatureView.Random(27_000, Dimension, seed: 2), Dimension);
        IDataView[] queries = [.. FeatureView.Random(20, Dimension, seed: 3)
            .Select(row => FeatureView.Create(mlContext, [row], Dimension))];
        using var stream = new MemoryStream();
        using (KnnLandmarkTransformer fitted = mlContext.Transforms.KnnLandmark().Fit(rows))
            mlContext.Model.Save(fitted, rows.Schema, stream);
        List<string> messages = [];
        mlContext.Log += (_, e) =>
        {
            if (e.RawMessage.StartsWith("Landmarks: ", StringComparison.Ordinal))
                messages.Add(e.RawMessage);
        };

        ITransformer model = mlContext.Model.Load(stream, out _);
        float[] first = [.. queries.SelectMany(query => model.Transform(query).Values<float>("Score"))];
        bool isVector = ByteKernels.Fastest != ByteKernel.Scalar;
        Assert.AreEqual(
            $"Landmarks: 20,250 rows, fused engine, "
            + $"{(isVector ? "until the queries repay a filter" : "since this processor has no vector instructions")}.",
            Assert.ContainsSingle(messages));
        for (int i = 0; i < 500; i++)
            model.Transform(queries[i % queries.Length]).Values<float>("Score");

        CollectionAssert.AreEqual(first, queries.SelectMany(query => model.Transform(query).Values<float>("Score")).ToArray());
        // With slow instructions it may be found that bytes would be no faster.
        if (isVector)
            Assert.MatchesRegex("^Landmarks: 20,250 rows, (filter engine, kernel |fused engine, since bytes would let )",
                messages[1..].Single());
    }

    [TestMethod]
    public void Fit_MissingRows_AreLeftOutCountedAndNotInPositions()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        LabeledRow[] rows =
        [
            new() { Label = 9, Features = [float.NaN, 0] },
            new() { Label = 1, Features = [1, 0] },
            new() { Label = -1, Features = [0, float.PositiveInfinity] },
            new() { Label = -1, Features = [1, 1] },
            new() { Label = 2, Features = [0, 1] },
        ];
        IDataView view = FeatureView.Create(mlContext, rows, 2);

        IDataView predictions = mlContext.Transforms.KnnLandmark(
            new KnnLandmarkEstimator.Options { NeighborsColumnName = "Neighbors", NumberOfNeighbors = 1 }).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { "2 rows have a feature that is NaN or infinite and are left out." }, warnings);
        CollectionAssert.AreEqual(new long[] { -1, 0, -1, 0, 1 }, predictions.Values<VBuffer<long>>("Neighbors")
            .Select(v => v.GetItemOrDefault(0)).ToArray());
        CollectionAssert.AreEqual(new[] { -1, 1, -1, 1, 2 }, predictions.Values<int>("PredictedLabel"));
        CollectionAssert.AreEqual(new[] { true, false, true, false, false }, predictions.Values<float>("Score")
            .Select(float.IsNaN).ToArray());
    }

    [TestMethod]
    [DataRow(0f, true)]
    [DataRow(1e-3f, false)]
    public void Fit_RowsThatAreAlikeButForTheirLength_Warns(float difference, bool warns)
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        LabeledRow[] rows = [new() { Label = 1, Features = [1, 2, 3] }, new() { Label = 2, Features = [2, 4, 6] },
            new() { Label = -1, Features = [0.3f, 0.6f, 0.9f + difference] }];

        mlContext.Transforms.KnnLandmark().Fit(FeatureView.Create(mlContext, rows, 3));

        CollectionAssert.AreEqual(warns
            ? ["All rows (3) have the same features, but for their length, so that none is nearer to a query than another. Look at what "
            + "they show, and where they are many, at the network."]
            : Array.Empty<string>(), warnings);
    }

    [TestMethod]
    public void Fit_RowsOfZeros_AreLeftOutCountedAndNoQueryIsAnsweredWithThem()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        LabeledRow[] rows = FeatureView.Random(40, 8, seed: 1), queries = FeatureView.Random(20, 8, seed: 2);
        LabeledRow[] withZeros = [new() { Label = 999, Features = new float[8] }, .. rows,
            new() { Label = -1, Features = new float[8] }, new() { Label = 998, Features = [0, 0, 0, 0, -0f, 0, 0, 0] }];
        LabeledRow other = new() { Features = [0, 1, 0, 0, 0, 0, 0, 0] };
        IDataView others = FeatureView.Create(mlContext, [other], 8);
        IDataView othersWithZeros = FeatureView.Create(mlContext, [new() { Features = new float[8] }, other], 8);
        IDataView asked = FeatureView.Create(mlContext, queries, 8);

        object[][] expected = Fit(rows, others).Transform(asked).AllRows(),
            answers = Fit(withZeros, othersWithZeros).Transform(asked).AllRows();

        ViewReader.AssertSameRows(expected, answers);
        CollectionAssert.AreEqual(new[] { "4 rows have features that are all 0, whose cosine is undefined, and are left out. Look at "
            + "what they show, and where they are many, at the network." }, warnings);

        ITransformer Fit(LabeledRow[] training, IDataView nonLandmarks)
            => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
            {
                NeighborsColumnName = "Neighbors",
                QueryPenaltyColumnName = "Penalty",
            }, nonLandmarks).Fit(FeatureView.Create(mlContext, training, 8));
    }

    [TestMethod]
    public void Transform_AQueryOfZeros_IsAMissingOne()
    {
        var mlContext = new MLContext();
        var options = new KnnLandmarkEstimator.Options
        {
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "Scores",
            QueryPenaltyColumnName = "Penalty",
            NumberOfNeighbors = 2,
            QueryExpansion = 1,
        };
        ITransformer model = Fit(FeatureView.Random(40, 8, seed: 1), options);

        object[] answer = model.Transform(FeatureView.Create(mlContext, [new() { Features = new float[8] }], 8)).AllRows().Single()[3..];

        Assert.AreEqual(-1, answer[0]);
        Assert.AreEqual(float.NaN, answer[1]);
        CollectionAssert.AreEqual(new long[] { -1, -1 }, (long[])answer[2]);
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN }, (float[])answer[3]);
        Assert.AreEqual(float.NaN, answer[4]);
    }

    [TestMethod]
    [DataRow(float.Epsilon)]
    [DataRow(1e-40f)]
    [DataRow(1e-30f)]
    [DataRow(3e38f)]
    public void Fit_RowsOfAnySize_HaveTheirCosine(float size)
    {
        // No square of a Single underflows in double precision, so that the smallest row has a direction too.
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        IDataView view = FeatureView.Create(mlContext, [new() { Label = 1, Features = [size, 0] },
            new() { Label = 2, Features = [0, -size] }, new() { Label = -1, Features = [-size, size] }], 2);

        IDataView predictions = mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            NumberOfNeighbors = 1,
            QueryPenaltyWeight = 0,
            TrainingPenaltyWeight = 0,
        }).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { 1, 2 }, predictions.Values<int>("PredictedLabel")[..2]);
        CollectionAssert.AreEqual(new[] { 1f, 1f }, predictions.Values<float>("Score")[..2]);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Fit_ZerosAlone_SayThatNothingIsLeft()
    {
        var mlContext = new MLContext();
        LabeledRow zeros = new() { Label = -1, Features = new float[2] }, landmark = new() { Label = 7, Features = [3, 4] };
        string Message(params LabeledRow[] rows) => Assert.ThrowsExactly<InvalidOperationException>(()
            => mlContext.Transforms.KnnLandmark().Fit(FeatureView.Create(mlContext, rows, 2))).Message;

        Assert.AreEqual("No row that is not left out is labelled -1, so there is no penalty to compute. Add non-landmark rows to the "
            + "training data, pass nonLandmarks, or set AllowNoNonLandmarks.", Message(landmark, zeros));
        Assert.AreEqual("No row names a landmark: 0 rows are labelled -1 or have no label, and 2 have missing features, or zeros alone. "
            + "Add landmark rows to the training data.", Message(zeros, zeros));
    }

    [TestMethod]
    public void Load_AModelWithRowsOfZeros_AnswersAsItDid()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        KnnLandmarkTransformer fitted = Fit(FeatureView.Random(40, 8, seed: 1), new KnnLandmarkEstimator.Options());
        // As Fit made them before it left such rows out.
        var landmarks = new UnitRows(8);
        landmarks.Add(new float[8]);
        for (int row = 1; row < fitted.Gallery.Landmarks.Count; row++)
            landmarks.Add(fitted.Gallery.Landmarks[row]);
        Gallery gallery = fitted.Gallery with { Landmarks = landmarks, Penalties = [0, .. fitted.Gallery.Penalties[1..]] };
        var options = new KnnLandmarkEstimator.Options
        {
            NumberOfNeighbors = 1,
            NeighborScoresColumnName = "Scores",
            NeighborsColumnName = "Neighbors",
        };
        using var model = new KnnLandmarkTransformer(mlContext, options.Settings, IndexOf(gallery), Lineage.Unknown);
        // Opposite to all other rows, so that the row of zeros is the nearest.
        float[] query = [.. Enumerable.Range(0, 8).Select(j => (float)-Enumerable.Range(1, landmarks.Count - 1)
            .Sum(row => (double)landmarks[row][j]))];
        IDataView asked = FeatureView.Create(mlContext, [new() { Features = query }], 8);
        mlContext.Model.Save(model, asked.Schema, folder["model.zip"]);

        object[][] answers = new MLContext().Model.Load(folder["model.zip"], out _).Transform(asked).AllRows();

        ViewReader.AssertSameRows(model.Transform(asked).AllRows(), answers);
        CollectionAssert.AreEqual(new long[] { 0 }, (long[])answers[0][5]);
        CollectionAssert.AreEqual(new[] { 0f }, (float[])answers[0][6]);
    }

    [TestMethod]
    public void Transform_SparseAndManyDimensionalFeatures_EqualDenseOnes()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = FeatureView.Random(30, 12, seed: 2);
        foreach (LabeledRow row in rows)
            row.Features[3] = row.Features[7] = 0;
        IDataView dense = FeatureView.Create(mlContext, rows, 12);
        SchemaDefinition definition = SchemaDefinition.Create(typeof(SparseRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, 2, 2);
        IDataView sparse = mlContext.Data.LoadFromEnumerable(
            rows.Select(row => new SparseRow { Label = row.Label, Features = ToSparse(row.Features) }), definition);

        float[] expected = mlContext.Transforms.KnnLandmark().Fit(dense).Transform(dense).Values<float>("Score");
        float[] scores = mlContext.Transforms.KnnLandmark().Fit(sparse).Transform(sparse).Values<float>("Score");

        CollectionAssert.AreEqual(expected, scores);
    }

    [TestMethod]
    public void Transform_ScaledFeatures_GiveTheSameScores()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = FeatureView.Random(30, 8, seed: 3);
        // Powers of two change no digit.
        LabeledRow[] scaled = [.. rows.Select((row, i)
            => new LabeledRow { Label = row.Label, Features = [.. row.Features.Select(v => MathF.ScaleB(v, i % 9 - 4))] })];

        float[] expected = Scores(rows), scores = Scores(scaled);

        CollectionAssert.AreEqual(expected, scores);
        float[] Scores(LabeledRow[] training)
        {
            IDataView view = FeatureView.Create(mlContext, training, 8);
            return mlContext.Transforms.KnnLandmark().Fit(view).Transform(view).Values<float>("Score");
        }
    }

    [TestMethod]
    public void Transform_OrderOfRows_DoesNotChangeScores()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = FeatureView.Random(60, 8, seed: 4);
        IDataView queries = FeatureView.Create(mlContext, FeatureView.Random(20, 8, seed: 5), 8);

        float[] expected = mlContext.Transforms.KnnLandmark().Fit(FeatureView.Create(mlContext, rows, 8))
            .Transform(queries).Values<float>("Score");
        float[] scores = mlContext.Transforms.KnnLandmark().Fit(FeatureView.Create(mlContext, rows.Reverse(), 8))
            .Transform(queries).Values<float>("Score");

        CollectionAssert.AreEqual(expected, scores);
    }

    [TestMethod]
    public void Fit_OneLandmarkRow_AlwaysNamesIt()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, [new() { Label = 7, Features = [1, 0] }, new() { Label = -1, Features = [0, 1] }],
            2);

        IDataView predictions = mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { NeighborsColumnName = "Neighbors" })
            .Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { 7, 7 }, predictions.Values<int>("PredictedLabel"));
        CollectionAssert.AreEqual(new[] { 1f, -1f }, predictions.Values<float>("Score"));
        CollectionAssert.AreEqual(new long[] { 0, -1, -1, -1, -1 },
            predictions.Values<VBuffer<long>>("Neighbors")[0].DenseValues().ToArray());
    }

    [TestMethod]
    public void Fit_NoNonLandmarksAllowed_PenalizesNothing()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, [new() { Label = 7, Features = [3, 4] }, new() { Label = 8, Features = [4, -3] }],
            2);
        var options = new KnnLandmarkEstimator.Options
        {
            AllowNoNonLandmarks = true,
            NumberOfNeighbors = 1,
            QueryPenaltyColumnName = "QueryPenalty"
        };

        IDataView predictions = mlContext.Transforms.KnnLandmark(options).Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { 7, 8 }, predictions.Values<int>("PredictedLabel"));
        Assert.AreEqual(1f, predictions.Values<float>("Score")[0], 1e-6f);
        CollectionAssert.AreEqual(new[] { 0f, 0f }, predictions.Values<float>("QueryPenalty"));
    }

    [TestMethod]
    public void Fit_NoNonLandmarkRow_Throws()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, [new() { Label = 7, Features = [3, 4] }], 2);

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => mlContext.Transforms.KnnLandmark().Fit(view));

        Assert.AreEqual("No row is labelled -1, so there is no penalty to compute. Add non-landmark rows to the training data, pass "
            + "nonLandmarks, or set AllowNoNonLandmarks.", error.Message);
    }

    [TestMethod]
    public void Fit_NoLandmarkRow_Throws()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext,
            [new() { Label = -1, Features = [3, 4] }, new() { Label = 1, Features = [float.NaN, 4] }], 2);

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => mlContext.Transforms.KnnLandmark().Fit(view));

        Assert.AreEqual("No row names a landmark: 1 rows are labelled -1 or have no label, and 1 have missing features, or zeros alone. "
            + "Add landmark rows to the training data.", error.Message);
    }

    [TestMethod]
    public void Fit_NonLandmarksOfAnotherDimension_Throws()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(8, 4, seed: 6), 4),
            other = FeatureView.Create(mlContext, FeatureView.Random(8, 3, seed: 6), 3);

        ArgumentOutOfRangeException error =
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => mlContext.Transforms.KnnLandmark(nonLandmarks: other).Fit(view));

        Assert.StartsWith("Schema mismatch for feature column 'Features': expected Vector<Single, 4>, got Vector<Single, 3>",
            error.Message);
    }

    [TestMethod]
    public void KnnLandmark_NonLandmarksWithoutFeatures_ThrowsAtOnce()
    {
        var mlContext = new MLContext();
        IDataView other = mlContext.Data.LoadFromEnumerable([new { Name = "no features" }]);

        ArgumentOutOfRangeException error =
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => mlContext.Transforms.KnnLandmark(nonLandmarks: other));

        Assert.StartsWith("Could not find feature column 'Features'", error.Message);
    }

    [TestMethod]
    public void Fit_Progress_ReportsEveryRowAtTheEnd()
    {
        var mlContext = new MLContext();
        var progress = new Recorder();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(100, 8, seed: 7), 8);

        mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { Progress = progress }).Fit(view);

        Assert.AreEqual(75, progress.Values[^1]);
        CollectionAssert.AreEqual(progress.Values.Order().ToArray(), progress.Values);
    }

    [TestMethod]
    public void Fit_Cancelled_Throws()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(100, 8, seed: 8), 8);
        var options = new KnnLandmarkEstimator.Options { CancellationToken = new CancellationToken(canceled: true) };

        Assert.Throws<OperationCanceledException>(() => mlContext.Transforms.KnnLandmark(options).Fit(view));
    }

    [TestMethod]
    public void Fit_CancelledWhileItSearchesForManyNeighbors_StopsBeforeTheEnd()
    {
        const int Landmarks = 6_000;
        using var source = new CancellationTokenSource();
        List<long> done = [];
        var options = new KnnLandmarkEstimator.Options
        {
            NumberOfTrainingPenaltyNeighbors = int.MaxValue,
            CancellationToken = source.Token,
            Progress = new Canceller(done, source),
        };
        IDataView view = FeatureView.Create(new MLContext(), FeatureView.Random(Landmarks * 4 / 3, 4, seed: 8), 4);

        Assert.Throws<OperationCanceledException>(() => new MLContext().Transforms.KnnLandmark(options).Fit(view));

        Assert.IsLessThan(Landmarks, Assert.ContainsSingle(done));
    }

    [TestMethod]
    [DataRow(nameof(KnnLandmarkEstimator.Options.NumberOfNeighbors))]
    [DataRow(nameof(KnnLandmarkEstimator.Options.NumberOfTrainingPenaltyNeighbors))]
    [DataRow(nameof(KnnLandmarkEstimator.Options.NumberOfQueryPenaltyNeighbors))]
    [DataRow(nameof(KnnLandmarkEstimator.Options.MaxDegreeOfParallelism))]
    public void Options_Zero_ThrowsWhereItIsSet(string name)
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = name switch
        {
            nameof(KnnLandmarkEstimator.Options.NumberOfNeighbors) => new KnnLandmarkEstimator.Options { NumberOfNeighbors = 0 },
            nameof(KnnLandmarkEstimator.Options.NumberOfTrainingPenaltyNeighbors)
                => new KnnLandmarkEstimator.Options { NumberOfTrainingPenaltyNeighbors = 0 },
            nameof(KnnLandmarkEstimator.Options.NumberOfQueryPenaltyNeighbors)
                => new KnnLandmarkEstimator.Options { NumberOfQueryPenaltyNeighbors = 0 },
            _ => new KnnLandmarkEstimator.Options { MaxDegreeOfParallelism = 0 },
        });
        Assert.AreEqual(name, error.ParamName);
    }

    [TestMethod]
    public void Transform_NumberOfThreads_DoesNotChangeTheBits()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(200, 37, seed: 9), 37);
        float[] expected = Scores(1);

        CollectionAssert.AreEqual(expected, Scores(null));
        CollectionAssert.AreEqual(expected, Scores(3));
        float[] Scores(int? threads)
            => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { MaxDegreeOfParallelism = threads }).Fit(view)
            .Transform(view).Values<float>("Score");
    }

    [TestMethod]
    [DataRow(nameof(KnnLandmarkEstimator.Options.TrainingPenaltyWeight), -0.25,
        "TrainingPenaltyWeight is -0.25; it must be from 0 to 1000000.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.TrainingPenaltyWeight), double.NaN,
        "TrainingPenaltyWeight is NaN; it must be from 0 to 1000000.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.TrainingPenaltyWeight), 1_000_000.5,
        "TrainingPenaltyWeight is 1000000.5; it must be from 0 to 1000000.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.QueryPenaltyWeight), double.PositiveInfinity,
        "QueryPenaltyWeight is Infinity; it must be from 0 to 1000000.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.SimilarityExponent), 0d, "SimilarityExponent is 0; it must be above 0, up to 50.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.SimilarityExponent), double.NaN,
        "SimilarityExponent is NaN; it must be above 0, up to 50.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.SimilarityExponent), 50.5, "SimilarityExponent is 50.5; it must be above 0, up to 50.")]
    [DataRow(nameof(KnnLandmarkEstimator.Options.QueryExpansion), -1d, "QueryExpansion ('-1') must be a non-negative value.")]
    public void Options_WeightOutOfRange_ThrowsWhereItIsSet(string name, double value, string message)
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = name switch
        {
            nameof(KnnLandmarkEstimator.Options.TrainingPenaltyWeight)
                => new KnnLandmarkEstimator.Options { TrainingPenaltyWeight = value },
            nameof(KnnLandmarkEstimator.Options.QueryPenaltyWeight) => new KnnLandmarkEstimator.Options { QueryPenaltyWeight = value },
            nameof(KnnLandmarkEstimator.Options.SimilarityExponent) => new KnnLandmarkEstimator.Options { SimilarityExponent = value },
            _ => new KnnLandmarkEstimator.Options { QueryExpansion = (int)value },
        });
        Assert.AreEqual(name, error.ParamName);
        Assert.Contains(message, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [TestMethod]
    [DataRow(0.5, 1, 1)]
    [DataRow(0, 0, 1)]
    [DataRow(1, 2.5, 1)]
    [DataRow(1, 1, 3)]
    [DataRow(4, 0.25, 0.5)]
    [DataRow(1_000_000, 1_000_000, 1)]
    public void Transform_Weights_EqualThePlainFormula(double trainingWeight, double queryWeight, double exponent)
    {
        LabeledRow[] rows = FeatureView.Random(80, 9, seed: 12), queries = FeatureView.Random(30, 9, seed: 13);
        KnnLandmarkTransformer plain = Fit(rows, new KnnLandmarkEstimator.Options());
        double[] penalties = plain.Gallery.Penalties;
        UnitRows landmarks = plain.Gallery.Landmarks, nonLandmarks = plain.Gallery.NonLandmarks;
        int[] labels = [.. rows.Where(r => r.Label >= 0).Select(r => r.Label)];

        IDataView predictions = Fit(rows, new KnnLandmarkEstimator.Options
        {
            TrainingPenaltyWeight = trainingWeight,
            QueryPenaltyWeight = queryWeight,
            SimilarityExponent = exponent,
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
        }).Transform(FeatureView.Create(new MLContext(), queries, 9));

        int[] predicted = predictions.Values<int>("PredictedLabel");
        float[] scores = predictions.Values<float>("Score"), queryPenalties = predictions.Values<float>("QueryPenalty");
        VBuffer<long>[] neighbors = predictions.Values<VBuffer<long>>("Neighbors");
        float[][] neighborScores = predictions.Vectors("NeighborScores");
        for (int i = 0; i < queries.Length; i++)
        {
            float[] query = [.. queries[i].Features];
            UnitVector.TryNormalize(query);
            var ranked = Enumerable.Range(0, labels.Length)
                .Select(row
                => (Row: row, Score: NeighborEngineConformance.PlainDot(query, landmarks[row]) - trainingWeight * penalties[row]))
                .OrderByDescending(n => n.Score).Take(5).ToArray();
            double penalty = Enumerable.Range(0, nonLandmarks.Count)
                .Select(row => NeighborEngineConformance.PlainDot(query, nonLandmarks[row])).OrderDescending().Take(10).Average();
            (int label, double votes) = ranked.GroupBy(n => labels[n.Row])
                .Select(g => (g.Key, g.Sum(n => Math.Sign(n.Score) * Math.Pow(Math.Abs(n.Score), exponent)))).MaxBy(g => g.Item2);
            CollectionAssert.AreEqual(ranked.Select(n => (long)n.Row).ToArray(), neighbors[i].DenseValues().ToArray());
            CollectionAssert.AreEqual(ranked.Select(n => (float)n.Score).ToArray(), neighborScores[i]);
            Assert.AreEqual(label, predicted[i]);
            Assert.AreEqual(votes - queryWeight * penalty, scores[i], 1e-6 * Math.Max(1, Math.Abs(scores[i])));
            Assert.AreEqual(penalty, queryPenalties[i], 1e-6);
        }
    }

    [TestMethod]
    public void Transform_LargestWeightsAndExponent_ScoresAreFinite()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = FeatureView.Random(80, 9, seed: 12), queries = FeatureView.Random(30, 9, seed: 13);
        IDataView predictions = Fit(rows,
            new KnnLandmarkEstimator.Options
            {
                TrainingPenaltyWeight = 1_000_000,
                QueryPenaltyWeight = 1_000_000,
                SimilarityExponent = 50,
                NumberOfNeighbors = 80
            })
            .Transform(FeatureView.Create(mlContext, queries, 9));

        float[] scores = predictions.Values<float>("Score");

        Assert.IsTrue(scores.All(float.IsFinite));
        Assert.Contains(float.MinValue, scores);
    }

    [TestMethod]
    public void Options_EmptyColumnName_ThrowsWhereItIsSet()
    {
        const string Name = "";
        Assert.AreEqual("IdColumnName",
            Assert.ThrowsExactly<ArgumentException>(() => new KnnLandmarkEstimator.Options { IdColumnName = Name }).ParamName);
        Assert.AreEqual("NeighborsColumnName",
            Assert.ThrowsExactly<ArgumentException>(() => new KnnLandmarkEstimator.Options { NeighborsColumnName = Name }).ParamName);
        Assert.AreEqual("NeighborScoresColumnName",
            Assert.ThrowsExactly<ArgumentException>(() => new KnnLandmarkEstimator.Options { NeighborScoresColumnName = Name }).ParamName);
        Assert.AreEqual("QueryPenaltyColumnName",
            Assert.ThrowsExactly<ArgumentException>(() => new KnnLandmarkEstimator.Options { QueryPenaltyColumnName = Name }).ParamName);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(1000)]
    public void Transform_QueryExpansion_EqualsTheMeanAskedWithoutIt(int expansion)
    {
        LabeledRow[] rows = FeatureView.Random(80, 37, seed: 14), queries = FeatureView.Random(30, 37, seed: 15);
        Array.Clear(queries[4].Features);
        KnnLandmarkTransformer plain = Fit(rows, Options(0, int.MaxValue)), expanding = Fit(rows, Options(expansion, 5));
        UnitRows landmarks = plain.Gallery.Landmarks;
        long[][] nearest = [.. plain.Transform(FeatureView.Create(new MLContext(), queries, 37)).Values<VBuffer<long>>("Neighbors")
            .Select(v => v.DenseValues().Where(row => row >= 0).Take(expansion).ToArray())];
        LabeledRow[] means = [.. queries.Select((q, i) =>
        {
            float[] query = [.. q.Features];
            UnitVector.TryNormalize(query);
            return new LabeledRow { Features = [.. query.Select((v, j)
                => (float)(nearest[i].Aggregate((double)v, (sum, row) => sum + landmarks[(int)row][j]) / (nearest[i].Length + 1)))] };
        })];

        object[][] expected = Fit(rows, Options(0, 5)).Transform(FeatureView.Create(new MLContext(), means, 37)).AllRows();
        object[][] predictions = expanding.Transform(FeatureView.Create(new MLContext(), queries, 37)).AllRows();

        // The features differ, but no column that is added.
        ViewReader.AssertSameRows([.. expected.Select(row => row[3..])], [.. predictions.Select(row => row[3..])]);

        KnnLandmarkEstimator.Options Options(int n, int k) => new()
        {
            QueryExpansion = n,
            NumberOfNeighbors = Math.Min(k, rows.Length),
            TrainingPenaltyWeight = 0.5,
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
        };
    }

    [TestMethod]
    public void Transform_TheLargestCounts_AreThoseOfAllRows()
    {
        LabeledRow[] rows = FeatureView.Random(80, 9, seed: 12), queries = FeatureView.Random(30, 9, seed: 13);
        object[][] Answers(int count)
        {
            KnnLandmarkTransformer model = Fit(rows, new KnnLandmarkEstimator.Options
            {
                NumberOfNeighbors = count,
                NumberOfTrainingPenaltyNeighbors = count,
                NumberOfQueryPenaltyNeighbors = count,
                QueryExpansion = count,
                QueryPenaltyColumnName = "Penalty",
            });
            return model.Transform(FeatureView.Create(new MLContext(), queries, 9)).AllRows();
        }

        ViewReader.AssertSameRows(Answers(80), Answers(int.MaxValue));
    }

    [TestMethod]
    [DataRow("Neighbors", null)]
    [DataRow(null, "Scores")]
    public void KnnLandmark_MoreListedNeighborsThanAColumnHolds_ThrowsAtOnce(string? neighbors, string? scores)
    {
        var options = new KnnLandmarkEstimator.Options
        {
            NumberOfNeighbors = int.MaxValue,
            NeighborsColumnName = neighbors,
            NeighborScoresColumnName = scores,
        };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.KnnLandmark(options));

        Assert.AreEqual("NumberOfNeighbors", error.ParamName);
        Assert.StartsWith("NumberOfNeighbors is 2147483647; with NeighborsColumnName or NeighborScoresColumnName, which have so many "
            + "places in each row, it must be at most 16777216. "
            + "Lower it, or leave those columns out.", error.Message);
    }

    [TestMethod]
    public void Fit_PenaltyNeighbors_KeepsOneMoreOfEachRow()
    {
        var searches = new List<int>();
        var device = new SearchDevice("counting", (_, _, engine) => new CountingEngine(engine, searches));
        var mlContext = new MLContext();
        var options = new KnnLandmarkEstimator.Options { NumberOfTrainingPenaltyNeighbors = 3 };
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(80, 9, seed: 12), 9);

        using KnnLandmarkTransformer model = new KnnLandmarkEstimator(mlContext, options, nonLandmarks: null, device).Fit(view);
        List<double> penalties = [];
        model.RowsInMemory.VisitNearestNonLandmarks(4, new ParallelOptions(), (_, nearest) => penalties.Add(Penalty.Mean(nearest[..3])));

        CollectionAssert.AreEqual(model.Gallery.Penalties, penalties);
        CollectionAssert.AreEqual(new[] { 4 }, searches);
        // More than are kept are searched for.
        model.RowsInMemory.VisitNearestNonLandmarks(5, new ParallelOptions(), (_, nearest) => Assert.AreEqual(5, nearest.Length));
        CollectionAssert.AreEqual(new[] { 4, 5 }, searches);
    }

    [TestMethod]
    [DataRow(5, 256)]
    [DataRow(1_000, 256)]
    [DataRow(20_000, 104)]
    [DataRow(int.MaxValue, 52)]
    public void BatchSize_ManyNeighbors_IsSmaller(int count, int batchSize)
    {
        var landmarks = new UnitRows(1);
        for (int row = 0; row < 40_000; row++)
            landmarks.Add([1]);
        var gallery = new Gallery(landmarks, new LandmarkLabels(NumberDataViewType.Int32, null, [new LandmarkLabel(1, null)],
            new int[40_000]), null, new double[40_000], new UnitRows(1));
        var options = new KnnLandmarkEstimator.Options { NumberOfNeighbors = count };

        Assert.AreEqual(batchSize, new KnnLandmarkTransformer(new MLContext(), options.Settings, IndexOf(gallery),
            Lineage.Unknown).BatchSize);
    }

    [TestMethod]
    public void Transform_QueryExpansionOfOppositeRows_AsksWithTheQueryItself()
    {
        // Their mean is zeros, which have no direction.
        IDataView view = FeatureView.Create(new MLContext(),
            [new() { Label = 7, Features = [1, 0] }, new() { Label = -1, Features = [0, 1] }], 2);
        KnnLandmarkTransformer transformer = new MLContext().Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { QueryExpansion = 1 })
            .Fit(view);

        IDataView predictions = transformer.Transform(FeatureView.Create(new MLContext(), [new() { Features = [-2, 0] }], 2));

        CollectionAssert.AreEqual(new[] { -1f }, predictions.Values<float>("Score"));
    }

    private static MemoryLandmarkIndex IndexOf(Gallery gallery)
        => new(gallery, new FusedNeighborEngine(gallery.Landmarks, gallery.Penalties), new FusedNeighborEngine(gallery.NonLandmarks, null));

    private static KnnLandmarkTransformer Fit(LabeledRow[] rows, KnnLandmarkEstimator.Options options)
    {
        var mlContext = new MLContext();
        return mlContext.Transforms.KnnLandmark(options).Fit(FeatureView.Create(mlContext, rows, rows[0].Features.Length));
    }

    private static VBuffer<float> ToSparse(float[] values)
    {
        int[] indices = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        return new VBuffer<float>(values.Length, indices.Length, [.. indices.Select(i => values[i])], indices);
    }

    private sealed class SparseRow
    {
        public int Label { get; set; }

        public VBuffer<float> Features { get; set; }
    }

    private sealed class Canceller(List<long> done, CancellationTokenSource source) : IProgress<long>
    {
        public void Report(long value)
        {
            done.Add(value);
            source.Cancel();
        }
    }

    private sealed class CountingEngine(INeighborEngine engine, List<int> searches) : INeighborEngine
    {
        public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
        {
            searches.Add(numberOfNeighbors);
            engine.Search(queries, numberOfNeighbors, best, parallelism);
        }

        public INeighborEngine WithPenalties(double[] penalties) => new CountingEngine(engine.WithPenalties(penalties), searches);
    }

    private sealed class Recorder : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
