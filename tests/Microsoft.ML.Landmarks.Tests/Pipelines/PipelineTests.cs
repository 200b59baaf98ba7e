using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Pipelines;

/// <summary>The steps among ML.NET's own.</summary>
[TestClass]
public sealed class PipelineTests
{
    private static readonly string s_means = TestFiles.Golden("networks", "means.onnx");

    [TestMethod]
    public void Fit_StockStepsForImagesAndNetwork_ThenKnnLandmark_PredictsAndReloads()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Photos());
        var pipeline = mlContext.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(mlContext.Transforms.ResizeImages("Image", 320, 320, "Image"))
            .Append(mlContext.Transforms.ExtractPixels("input", "Image", offsetImage: 127, scaleImage: 1 / 128f))
            .Append(mlContext.Transforms.ApplyOnnxModel("embedding", "input", TestFiles.Network, new Dictionary<string,
            int[]>
            { ["input"] = [1, 3, 320, 320] }))
            .Append(mlContext.Transforms.KnnLandmark(featureColumnName: "embedding", numberOfNeighbors: 1));

        ITransformer model = pipeline.Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        ITransformer reloaded = new MLContext().Model.Load(folder["model.zip"], out _);

        (int[] labels, float[] scores) =
            (model.Transform(photos).Values<int>("PredictedLabel"), model.Transform(photos).Values<float>("Score"));
        // Each training row is its own nearest neighbor.
        for (int i = 0; i < labels.Length; i++)
            Assert.IsTrue(Photos()[i].Label == -1 || labels[i] == Photos()[i].Label, $"row {i}");
        CollectionAssert.AreEqual(labels, reloaded.Transform(photos).Values<int>("PredictedLabel"));
        CollectionAssert.AreEqual(scores, reloaded.Transform(photos).Values<float>("Score"));
    }

    [TestMethod]
    public void Fit_SdcaOnEmbeddings_Learns()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.ShuffleRows(mlContext.Data.LoadFromEnumerable(Photos()), seed: 3);
        var pipeline = Embed(mlContext)
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Append(mlContext.Transforms.CopyColumns("PredictedKey", "PredictedLabel"))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        IDataView predictions = pipeline.Fit(photos).Transform(photos);

        Assert.HasCount(Photos().Length, predictions.Values<int>("PredictedLabel"));
        Assert.IsGreaterThan(0.3, mlContext.MulticlassClassification.Evaluate(predictions,
            predictedLabelColumnName: "PredictedKey").MicroAccuracy);
    }

    [TestMethod]
    public void Concatenate_SeveralNetworksAtUnitLength_VotesByTheMeanOfTheirCosines()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Photos());
        // Each part at unit length first: otherwise the network with the larger numbers decides alone.
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Means", "Pixels", s_means))
            .Append(mlContext.Transforms.EmbedImages("Values", "Pixels", TestFiles.Golden("networks", "fixed_batch_pixels.onnx")))
            .Append(mlContext.Transforms.NormalizeLpNorm("Means"))
            .Append(mlContext.Transforms.NormalizeLpNorm("Values"))
            .Append(mlContext.Transforms.Concatenate("Features", "Means", "Values"))
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.Transforms.KnnLandmark(
            new KnnLandmarkEstimator.Options
            {
                TrainingPenaltyWeight = 0,
                NeighborsColumnName = "Neighbors",
                NeighborScoresColumnName = "NeighborScores",
                NumberOfNeighbors = 3
            }));

        ITransformer model = pipeline.Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        IDataView predictions = model.Transform(photos), reloaded = new MLContext().Model.Load(folder["model.zip"], out _)
            .Transform(photos);

        float[][] means = predictions.Vectors("Means"), values = predictions.Vectors("Values"),
            scores = predictions.Vectors("NeighborScores");
        int[] landmarkRows = [.. Enumerable.Range(0, means.Length).Where(i => Photos()[i].Label >= 0)];
        long[][] neighbors = [.. predictions.Values<VBuffer<long>>("Neighbors").Select(v => v.DenseValues().ToArray())];
        for (int i = 0; i < means.Length; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                int row = landmarkRows[neighbors[i][j]];
                Assert.AreEqual((Dot(means[i], means[row]) + Dot(values[i], values[row])) / 2, scores[i][j], 1e-6,
                    $"photograph {i}, neighbor {j}");
            }
        }

        CollectionAssert.AreEqual(predictions.Values<float>("Score"), reloaded.Values<float>("Score"));
        static double Dot(float[] a, float[] b) => a.Zip(b).Sum(p => (double)p.First * p.Second);
    }

    [TestMethod]
    public void ShuffleRows_AfterAStep_KeepsEachRowTogether()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Photos());
        IDataView embedded = Embed(mlContext).Fit(photos).Transform(photos);
        var expected = embedded.Texts("ImagePath").Zip(embedded.Vectors("Features")).GroupBy(p => p.First)
            .ToDictionary(g => g.Key, g => g.First().Second);

        IDataView shuffled = mlContext.Data.ShuffleRows(embedded, seed: 5);
        object[][] rows = mlContext.Transforms.SelectColumns("ImagePath", "Features").Fit(shuffled).Transform(shuffled).AllRows();

        Assert.HasCount(Photos().Length, rows);
        Assert.IsFalse(rows.Select(row => (string)row[0]).SequenceEqual(Photos().Select(p => p.ImagePath)));
        foreach (object[] row in rows)
            CollectionAssert.AreEqual(expected[(string)row[0]], (float[])row[1]);
    }

    [TestMethod]
    public void Fit_CacheCheckpoint_EmbedsEachPhotographOnce()
    {
        var mlContext = new MLContext(seed: 1);
        var photos = new CountingView(mlContext.Data.LoadFromEnumerable(Photos()));
        var pipeline = Embed(mlContext)
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.Transforms.NormalizeMeanVariance("Features"))
            .Append(mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id" }));

        pipeline.Fit(photos);

        Assert.AreEqual(Photos().Length, photos.Evaluations["ImagePath"]);
        Assert.AreEqual((Photos().Length, Photos().Length), (photos.Evaluations["Id"], photos.Evaluations["Label"]));
    }

    [TestMethod]
    public void Fit_OneFittedStep_EmbedsEachPhotographOnce()
    {
        var mlContext = new MLContext(seed: 1);
        var photos = new CountingView(mlContext.Data.LoadFromEnumerable(Photos()));

        Embed(mlContext).Append(mlContext.Transforms.KnnLandmark()).Fit(photos);

        Assert.AreEqual(Photos().Length, photos.Evaluations["ImagePath"]);
    }

    [TestMethod]
    public void Predict_StockStepsAfterwards_ReadTheScore()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(40, 6, seed: 3), 6);
        var pipeline = mlContext.Transforms.NormalizeLpNorm("Features")
            .Append(mlContext.Transforms.KnnLandmark())
            .Append(mlContext.Transforms.Expression("Doubled", "s => 2 * s", "Score"));

        IDataView predictions = pipeline.Fit(view).Transform(view);

        CollectionAssert.AreEqual(predictions.Values<float>("Score").Select(s => 2 * s).ToArray(), predictions.Values<float>("Doubled"));
    }

    [TestMethod]
    public void PredictionEngine_Features_EqualsTheBatchBitForBit()
    {
        var mlContext = new MLContext(seed: 1);
        foreach (int dimension in (int[])[1, 37, 1280])
        {
            LabeledRow[] rows = FeatureView.Random(41, dimension, seed: dimension);
            rows[5].Features[0] = float.NaN;
            Array.Clear(rows[6].Features);
            SchemaDefinition definition = SchemaDefinition.Create(typeof(LabeledRow));
            definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
            IDataView view = FeatureView.Create(mlContext, rows, dimension);
            ITransformer model = mlContext.Transforms.KnnLandmark(
                new KnnLandmarkEstimator.Options { NeighborsColumnName = "Neighbors", NeighborScoresColumnName = "NeighborScores" })
                .Fit(view);
            PredictionRow[] expected = [.. mlContext.Data.CreateEnumerable<PredictionRow>(model.Transform(view), reuseRowObject: false)];

            using PredictionEngine<LabeledRow, PredictionRow> engine = mlContext.Model.CreatePredictionEngine<LabeledRow,
                PredictionRow>(model, inputSchemaDefinition: definition);
            for (int i = 0; i < rows.Length; i++)
            {
                PredictionRow prediction = engine.Predict(rows[i]);
                Assert.AreEqual((expected[i].PredictedLabel, expected[i].Score), (prediction.PredictedLabel, prediction.Score));
                CollectionAssert.AreEqual(expected[i].Neighbors, prediction.Neighbors);
                CollectionAssert.AreEqual(expected[i].NeighborScores, prediction.NeighborScores);
            }
        }
    }

    [TestMethod]
    public void PredictionEngine_Photographs_EqualsTheBatch()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Photos());
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 96)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network));
        ITransformer model = pipeline.Fit(photos);
        float[][] expected = model.Transform(photos).Vectors("Features");

        using PredictionEngine<PhotoRow, EmbeddingRow> engine = mlContext.Model.CreatePredictionEngine<PhotoRow, EmbeddingRow>(model);
        for (int i = 0; i < expected.Length; i++)
        {
            float[] embedding = engine.Predict(Photos()[i]).Features;
            for (int j = 0; j < embedding.Length; j++)
                Assert.AreEqual(expected[i][j], embedding[j], 1e-5f);
        }
    }

    [TestMethod]
    public void Fit_LandmarksFromCsvFiles_EqualsRowsInMemory()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        string Id(int i) => $"abc{i:d13}";
        Directory.CreateDirectory(folder["a/b/c"]);
        PhotoRow[] photos = Photos();
        for (int i = 0; i < photos.Length; i++)
            File.Copy(photos[i].ImagePath, folder[$"a/b/c/{Id(i)}.jpg"]);
        string csv = folder.Write("train.csv", "id,landmark_id\n" + string.Concat(photos.Select((p, i) => $"{Id(i)},{p.Label}\n")));

        float[] expected = Scores(mlContext.Data.LoadFromEnumerable(photos)),
            scores = Scores(mlContext.Data.LoadLandmarks(csv, folder["."]));

        CollectionAssert.AreEqual(expected, scores);
        float[] Scores(IDataView view)
            => Embed(mlContext).Append(mlContext.Transforms.KnnLandmark()).Fit(view).Transform(view).Values<float>("Score");
    }

    private static EstimatorChain<ImageEmbeddingTransformer> Embed(MLContext mlContext)
        => mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 16)
        .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", s_means));

    private static PhotoRow[] Photos()
        => [.. GoldenCase.ReadAll().Where(c => c.File.EndsWith(".jpg", StringComparison.Ordinal) && !c.ApplyOrientation
        && c.Name is not ("cmyk" or "gray"))
        .Select((c, i) => new PhotoRow { Id = c.Name, ImagePath = c.Path, Label = i % 3 == 2 ? -1 : i % 2 })];

    private sealed class PhotoRow
    {
        public string Id { get; set; } = "";

        public string ImagePath { get; set; } = "";

        public int Label { get; set; }
    }

    private sealed class EmbeddingRow
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class PredictionRow
    {
        public int PredictedLabel { get; set; }

        public float Score { get; set; }

        public long[] Neighbors { get; set; } = [];

        public float[] NeighborScores { get; set; } = [];
    }
}
