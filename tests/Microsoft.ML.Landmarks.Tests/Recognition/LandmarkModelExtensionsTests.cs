using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

/// <summary>Whole models that are changed: chains of steps, chains in chains, fitted and loaded.</summary>
[TestClass]
public sealed class LandmarkModelExtensionsTests
{
    private const int Landmarks = 8;

    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    [DataRow("steps")]
    [DataRow("sizes")]
    [DataRow("chain in a chain")]
    [DataRow("two networks")]
    public void With_Photographs_IsAsFittedToAllAndEmbedsEachOnce(string kind)
    {
        Photo[] first = Photos(30, seed: 1), second = Photos(14, seed: 2), queries = Photos(9, seed: 3);
        ITransformer model = Reload(Fit(kind, first)), expected = Fit(kind, [.. first, .. second]);
        var added = new CountingView(View(second));

        ITransformer changed = model.With(added), loaded = Reload(changed);

        Assert.AreEqual(second.Length, added.Evaluations["File"]);
        AssertSameAnswers(expected, changed, queries);
        AssertSameAnswers(expected, loaded, queries);
        // Without what came last, in either way, all is as before.
        AssertSameAnswers(Fit(kind, first), loaded.Without(second.Select(photo => photo.Id)), queries);
        Photo[] known = [.. first.Concat(second).Where(photo => photo.Label is not (2 or 5))];
        AssertSameAnswers(Fit(kind, known), changed.WithoutLandmarks(["2", "5"]), queries);
    }

    [TestMethod]
    public void With_Chain_IsLikeItAndSharesItsOtherSteps()
    {
        ITransformer image = Prepare().Fit(View(Photos(30, seed: 1)));
        TransformerChain<LandmarkRecognizingTransformer> inner
            = Embed().Append(Recognize()).Fit(image.Transform(View(Photos(30, seed: 1))));
        var model = new TransformerChain<ITransformer>([image, inner], [TransformerScope.TrainTest, TransformerScope.Everything]);

        var changed = (TransformerChain<ITransformer>)model.With(View(Photos(4, seed: 2)));

        ITransformer[] steps = [.. changed], innerSteps = [.. (IEnumerable<ITransformer>)steps[1]];
        Assert.AreSame(image, steps[0]);
        Assert.AreSame(inner.First(), innerSteps[0]);
        var landmarks = Assert.IsInstanceOfType<TransformerChain<LandmarkRecognizingTransformer>>(steps[1]).LastTransformer;
        Assert.AreSame(landmarks, innerSteps[1]);
        Assert.HasCount(1, landmarks.Changes);
        // The scope of each step is as it was.
        Assert.HasCount(1, changed.GetModelFor(TransformerScope.Scoring));
    }

    [TestMethod]
    public void With_StepsAfterwards_ShowNewLandmarks()
    {
        Photo[] first = Photos(30, seed: 1), added = Towers(4);
        IDataView rows = Prepare().Append(Embed()).Fit(View(first)).Transform(View(first));
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(rows).Transform(rows);
        ITransformer model = _mlContext.Transforms.KnnLandmark("Key").Append(
            _mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(keys);
        IDataView more = Prepare().Append(Embed()).Fit(View(added)).Transform(View(added));
        more = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(more).Transform(more);

        IDataView answers = model.With(more).Transform(more);

        CollectionAssert.AreEqual(new[] { 99, 99, 99, 99 }, answers.Values<int>("PredictedLabel"));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Dispose_OneOfBoth_LeavesTheOtherAtWork(bool olderFirst)
    {
        Photo[] first = Photos(30, seed: 1), queries = Photos(5, seed: 3);
        ITransformer model = Reload(Fit("steps", first)), changed = model.With(View(Photos(4, seed: 2)));
        object[][] before = Answers(model, queries), after = Answers(changed, queries);

        ((IDisposable)(olderFirst ? model : changed)).Dispose();

        ViewReader.AssertSameRows(olderFirst ? after : before, Answers(olderFirst ? changed : model, queries));
        ((IDisposable)(olderFirst ? changed : model)).Dispose();
    }

    [TestMethod]
    public void With_IdThatIsTaken_IsToldBeforePhotographsAreRead()
    {
        Photo[] first = Photos(30, seed: 1), added = Photos(6, seed: 2);
        ITransformer model = Fit("steps", first);
        (added[1].Id, added[4].Id) = (first[7].Id, first[3].Id);
        var rows = new CountingView(View(added));

        Assert.StartsWith($"The model has a row with the id '{first[7].Id}' already",
            Assert.ThrowsExactly<ArgumentException>(() => model.With(rows)).Message);
        Assert.IsFalse(rows.Evaluations.ContainsKey("File"));

        Photo[] left = [.. first.Where(photo => photo != first[7] && photo != first[3]), .. added];
        AssertSameAnswers(Fit("steps", left), model.With(rows, replace: true), Photos(5, seed: 3));
    }

    [TestMethod]
    public void With_LandmarkThatAStepHasNoKeyFor_IsNotTakenForANonLandmark()
    {
        Photo[] first = Photos(30, seed: 1), added = Photos(6, seed: 2);
        (added[0].Label, added[2].Label, added[3].Label, added[4].Label) = (77, -1, 78, 77);
        ITransformer model = Reload(_mlContext.Transforms.Conversion.MapValueToKey("Key", "Label").Append(Prepare()).Append(Embed())
            .Append(_mlContext.Transforms.KnnLandmark("Key")).Fit(View(first)));

        Assert.AreEqual("A step of the model makes keys of labels, 'Key', and knows none for 2 labels to be added; the first is '77'. Fit "
            + "a model whose labels are not mapped to keys in its chain, or fit it anew. (Parameter 'rows')",
            Assert.ThrowsExactly<ArgumentException>(() => model.With(View(added))).Message);
        LandmarkModelInfo info = LandmarkModelInfo.Of(model), changed = LandmarkModelInfo.Of(model.With(View(Photos(6, seed: 2))));
        Assert.AreEqual((info.LandmarkRowCount + 4, info.NonLandmarkRowCount + 2), (changed.LandmarkRowCount, changed.NonLandmarkRowCount));
    }

    [TestMethod]
    public void With_FeaturesThatOtherStepsMade_AreRefused()
    {
        Photo[] first = Photos(30, seed: 1), added = Photos(6, seed: 2);
        ITransformer model = Fit("steps", first);
        var landmarks = (LandmarkRecognizingTransformer)((IEnumerable<ITransformer>)model).Last();
        IDataView others = _mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "File",
            ImageSize = 8,
            Mean = [0.1f, 0.2f, 0.3f],
        }).Append(Embed()).Fit(View(added)).Transform(View(added));

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => landmarks.With(others)).Message;

        Assert.StartsWith("Column 'Features' was made by the steps ", message);
        Assert.Contains(", and 'LandmarkRecognition' was fitted on what the steps ", message);
    }

    [TestMethod]
    public void Recognizer_OfAChangedModel_NamesWhatCame()
    {
        Photo[] first = Photos(30, seed: 1), added = Towers(4);
        IDataView names = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = 99, Name = "Tower" }, new { Label = 98, Name = "No" } });
        ITransformer model = Fit("steps", first), changed = model.With(View(added), names: names);
        using var recognizer = new LandmarkRecognizer(_mlContext, changed, View(first).Schema);

        LandmarkAnswer answer = recognizer.Recognize(added[1].File);

        Assert.AreEqual(("99", "Tower", "tower 1"), (answer.Landmark, answer.Name, answer.Neighbors[0].Id));
        CollectionAssert.AreEqual(new[] { "99" }, recognizer.Names.Keys.ToArray());
    }

    [TestMethod]
    public void Change_ModelThatCantBe_SaysWhy()
    {
        Photo[] photos = Photos(30, seed: 1);
        ITransformer images = Prepare().Fit(View(photos)),
            model = Prepare().Append(Embed()).Append(_mlContext.Transforms.KnnLandmark()).Fit(View(photos));
        IDataView names = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = 1, Name = "One" } });

        Assert.AreEqual("No step of the model is of KnnLandmark or RecognizeLandmarks. Give a model that has one.",
            Assert.ThrowsExactly<InvalidOperationException>(() => images.With(View(photos))).Message);
        Assert.AreEqual("A model of KnnLandmark holds no names. Leave them out, and give them to LandmarkRecognizer.Names. (Parameter "
            + "'names')", Assert.ThrowsExactly<ArgumentException>(() => model.With(View(photos), names: names)).Message);
        Assert.AreEqual("The model was fitted without ids, so none of its rows can be named. Fit it with IdColumnName, or remove whole "
            + "landmarks by WithoutLandmarks.", Assert.ThrowsExactly<InvalidOperationException>(() => model.Without(["1"])).Message);
        Assert.AreEqual($"The model is of type {typeof(OtherChain).FullName}, whose steps can't be replaced. Make a TransformerChain of "
            + "its steps.", Assert.ThrowsExactly<InvalidOperationException>(() => new OtherChain(model).WithoutLandmarks(["1"])).Message);
    }

    /// <summary>Of a program that was built before rows could come and go.</summary>
    [TestMethod]
    [DataRow("fit-chain")]
    [DataRow("fit-sizes-chain")]
    [DataRow("fit-recognition-chain")]
    [DataRow("fit-recognition-sizes-chain")]
    public void With_ModelOfAnOlderFormat_KnowsTheNewLandmark(string name)
    {
        string[] paths = [.. new[] { "alpha.png", "odd_301x320.jpg" }.Select(photo => TestFiles.Golden("images", photo))];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(
            paths.Select(path => new LabeledPath { Id = Path.GetFileName(path), Label = 900, ImagePath = path }));
        ITransformer model = _mlContext.Model.Load(TestFiles.Golden("models", name + ".zip"), out DataViewSchema schema);
        using var stream = new MemoryStream();

        _mlContext.Model.Save(model.With(rows), schema, stream);

        Assert.AreEqual(new LandmarkInfo("900", null, 2), LandmarkModelInfo.Of(_mlContext.Model.Load(stream, out _)).Landmarks[^1]);
        using var recognizer = LandmarkRecognizer.Load(stream);
        recognizer.NumberOfTopLandmarks = 13;
        foreach (LandmarkAnswer answer in recognizer.Recognize(paths.AsSpan()))
            Assert.Contains("900", answer.Top.Select(candidate => candidate.Landmark));
    }

    private ITransformer Fit(string kind, Photo[] photos)
    {
        IDataView rows = View(photos);
        switch (kind)
        {
            case "sizes":
                return _mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
                {
                    OutputColumnName = "Features",
                    InputColumnName = "File",
                    ModelFile = TestFiles.Golden("networks", "extremes.onnx"),
                    ModelOutputName = "extremes",
                    ImageSizes = [8, 12],
                }).Append(Recognize()).Fit(rows);
            case "chain in a chain":
                ITransformer images = Prepare().Append(Embed()).Fit(rows);
                return new TransformerChain<ITransformer>(images, Recognize().Fit(images.Transform(rows)));
            case "two networks":
                return _mlContext.Transforms.PrepareImages("Pixels", "File", imageSize: 8).Append(Embed("Flat"))
                    .Append(_mlContext.Transforms.PrepareImages("Large", "File", imageSize: 12))
                    .Append(_mlContext.Transforms.EmbedImages("Means", "Large", TestFiles.Golden("networks", "means.onnx")))
                    .Append(_mlContext.Transforms.Concatenate("Features", "Flat", "Means")).Append(Recognize()).Fit(rows);
            default:
                return Prepare().Append(Embed()).Append(Recognize()).Fit(rows);
        }
    }

    private ImagePreparingEstimator Prepare() => _mlContext.Transforms.PrepareImages("Pixels", "File", imageSize: 8);

    private ImageEmbeddingEstimator Embed(string output = "Features") => _mlContext.Transforms.EmbedImages(output, "Pixels",
        TestFiles.Repository("tests", "Landmarks.Demo.Tests", "Networks", "flatten_8.onnx"));

    private LandmarkRecognizingEstimator Recognize() => _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
    {
        Method = LandmarkMethod.Plain,
        FalseAlarmRate = null,
        IdColumnName = "Id",
        NeighborsColumnName = "Neighbors",
        NeighborScoresColumnName = "NeighborScores",
    });

    private IDataView View(Photo[] photos) => _mlContext.Data.LoadFromEnumerable(photos);

    private ITransformer Reload(ITransformer model)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, View([]).Schema, stream);
        return _mlContext.Model.Load(stream, out _);
    }

    private void AssertSameAnswers(ITransformer expected, ITransformer actual, Photo[] queries)
        => ViewReader.AssertSameRows(Answers(expected, queries), Answers(actual, queries));

    private object[][] Answers(ITransformer model, Photo[] queries)
    {
        IDataView answers = model.Transform(View(queries));
        return _mlContext.Transforms.SelectColumns("PredictedLabel", "Score", "Neighbors", "NeighborScores").Fit(answers).Transform(answers)
            .AllRows();
    }

    // Each third shows no landmark.
    private static Photo[] Photos(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => new Photo
    {
        Id = $"photo {seed}.{i}",
        Label = i % 3 == 2 ? -1 : i % Landmarks,
        File = Draw(i % 3 == 2 ? 1000 * seed + i : i % Landmarks, noise: 7000 + 1000 * seed + i),
    })];

    private static Photo[] Towers(int count) => [.. Enumerable.Range(0, count).Select(i => new Photo
    {
        Id = $"tower {i}",
        Label = 99,
        File = Draw(colors: 99, noise: 99_000 + i),
    })];

    private static byte[] Draw(int colors, int noise)
    {
        (Random ofColors, Random ofNoise) = (new Random(colors), new Random(noise));
        using var bitmap = new SKBitmap(12, 12);
        byte[] levels = new byte[3 * 12 * 12];
        ofColors.NextBytes(levels);
        for (int i = 0; i < 12 * 12; i++)
            bitmap.SetPixel(i % 12, i / 12, new SKColor(Level(3 * i), Level(3 * i + 1), Level(3 * i + 2)));
        return bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();

        byte Level(int place) => (byte)Math.Clamp(levels[place] + ofNoise.Next(-30, 30), 0, 255);
    }

    private sealed class Photo
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        public byte[] File { get; set; } = [];
    }

    private sealed class LabeledPath
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        public string ImagePath { get; set; } = "";
    }

    /// <summary>A model of several steps that is no chain of ML.NET's.</summary>
    private sealed class OtherChain(ITransformer model) : ITransformer, IEnumerable<ITransformer>
    {
        public bool IsRowToRowMapper => model.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => model.GetOutputSchema(inputSchema);

        public IDataView Transform(IDataView input) => model.Transform(input);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => model.GetRowToRowMapper(inputSchema);

        public void Save(ModelSaveContext ctx) => model.Save(ctx);

        public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)[model]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
