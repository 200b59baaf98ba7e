using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>The steps of a chain know which steps they were fitted with.</summary>
[TestClass]
public sealed class ModelStepsTests
{
    private const string NoAnswers = "none";

    private static readonly MLContext s_mlContext = new(seed: 1);

    private static readonly (string Name, int Label)[] s_photographs =
    [
        ("landscape_320x213.jpg", 1), ("square_320x320.jpg", 1), ("large_640x360.jpg", 2), ("portrait_180x320.jpg", 2),
        ("large_640x427.jpg", 3),
        ("wide_320x126.jpg", -1), ("tall_224x640.jpg", -1), ("odd_301x320.jpg", -1),
    ];

    private static readonly IDataView s_photos =
        s_mlContext.Data.LoadFromEnumerable(s_photographs.Select(p => new Photo(TestFiles.Golden("images", p.Name), p.Label)));

    /// <summary>Chains that differ by one thing or two, in each kind of step.</summary>
    private static readonly (string Name, Func<IEstimator<ITransformer>> Create)[] s_chains =
    [
        ("plain", () => Prepare(16).Append(Embed()).Append(Knn())),
        ("one neighbor", () => Prepare(16).Append(Embed()).Append(Knn(neighbors: 1))),
        ("another size", () => Prepare(12).Append(Embed()).Append(Knn())),
        ("another mean", () => Prepare(16, mean: 0.25f).Append(Embed()).Append(Knn())),
        ("another output", () => Prepare(16).Append(Embed(output: "negated")).Append(Knn())),
        ("mirrored", () => Prepare(16).Append(Embed(network: "means.onnx", output: "means", mirror: true)).Append(Knn())),
        ("another network", () => Prepare(16).Append(Embed(network: "means.onnx")).Append(Knn())),
        ("whitened", () => Prepare(16).Append(Embed()).Append(Whiten(0.5f)).Append(Knn())),
        ("whitened otherwise", () => Prepare(16).Append(Embed()).Append(Whiten(1)).Append(Knn())),
        ("whitened twice", () => Prepare(16).Append(Embed()).Append(Whiten(0.5f)).Append(Whiten(1)).Append(Knn())),
        ("recognized", () => Prepare(16).Append(Embed()).Append(Recognize())),
        ("recognized at another size", () => Prepare(12).Append(Embed()).Append(Recognize())),
        ("two sizes", () => EmbedPhotographs(16, 8).Append(Knn())),
        ("two other sizes", () => EmbedPhotographs(16, 12).Append(Knn())),
        ("cached", () => Prepare(16).Append(Embed()).AppendCacheCheckpoint(s_mlContext).Append(Whiten(0.5f)).Append(Knn())),
        ("normalized", () => Prepare(16).Append(Embed()).Append(s_mlContext.Transforms.NormalizeMeanVariance("Features")).Append(Knn())),
        ("two networks", () => TwoNetworks("negated")),
        ("two other networks", () => TwoNetworks("means")),
    ];

    private static readonly Lazy<(string Name, ModelZip Zip, string Answers)[]> s_models = new(() => [.. s_chains.Select(chain =>
    {
        ITransformer model = chain.Create().Fit(s_photos);
        using var stream = new MemoryStream();
        s_mlContext.Model.Save(model, s_photos.Schema, stream);
        string answers = Answer(model);
        Assert.AreEqual(answers, Answer(Load(stream.ToArray())), chain.Name);
        return (chain.Name, new ModelZip(stream.ToArray()), answers);
    })]);

    [TestMethod]
    public void Load_StepOfAnotherModel_IsRefusedUnlessTheAnswersAreThoseOfAModelThatWasFitted()
    {
        int refused = 0, same = 0;
        foreach ((string name, ModelZip zip, string answers) in s_models.Value)
        {
            foreach ((string otherName, ModelZip other, string otherAnswers) in s_models.Value)
            {
                foreach (string step in zip.Steps)
                {
                    foreach (string otherStep in other.Steps)
                    {
                        // A step of ML.NET's own knows nothing of the others. A step of another kind takes the same place, which is enough
                        // of them.
                        if (otherName == name || !other.IsOurs(otherStep)
                            || (step != otherStep && zip.Signature(step) != other.Signature(otherStep)))
                            continue;
                        string what = $"{step} of '{name}' is {otherStep} of '{otherName}'";
                        try
                        {
                            string found = Answer(Load(zip.WithStep(step, other, otherStep)));
                            Assert.IsTrue(found == answers || found == otherAnswers || found == NoAnswers, $"{what}: {found}");
                            same++;
                        }
                        catch (ArgumentOutOfRangeException e)
                        {
                            Assert.IsTrue(e.Message.Contains("was made by", StringComparison.Ordinal)
                                || e.Message.Contains("Schema mismatch", StringComparison.Ordinal)
                                || e.Message.Contains("Could not find", StringComparison.Ordinal), $"{what}: {e.Message}");
                            refused++;
                        }
                    }
                }
            }
        }

        Assert.IsGreaterThan(0, same);
        Assert.IsGreaterThan(same, refused);
    }

    [TestMethod]
    public void Transform_BytesInPlaceOfPaths_GiveTheSameAnswers()
    {
        IDataView files = s_mlContext.Data.LoadFromEnumerable(
            s_photographs.Select(p => new PhotoFile { ImagePath = File.ReadAllBytes(TestFiles.Golden("images", p.Name)) }));
        foreach ((string name, ModelZip zip, string answers) in s_models.Value)
        {
            ITransformer model = Load(zip.With(zip.Names.First(), bytes => bytes));
            Assert.AreEqual(answers, Describe(model.Transform(files)), name);
            // Disposes the model.
            using PredictionEngine<PhotoFile, Answered> engine = s_mlContext.Model.CreatePredictionEngine<PhotoFile, Answered>(model);
            Answered[] single = [.. s_photographs.Select(p
                => engine.Predict(new PhotoFile { ImagePath = File.ReadAllBytes(TestFiles.Golden("images", p.Name)) }))];
            Assert.AreEqual(answers, string.Join(' ', single.Select(a => FormattableString.Invariant($"{a.PredictedLabel}:{a.Score:R}"))),
                name);
        }
    }

    [TestMethod]
    public void Load_WithoutAStepOfMLNet_IsRefused()
    {
        ModelZip zip = s_models.Value.Single(m => m.Name == "two networks").Zip;

        foreach (string step in zip.Steps.Where(step => !zip.IsOurs(step)).Take(2))
        {
            string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
                => Answer(Load(zip.WithStep(step, zip, zip.Steps[0])))).Message;
            Assert.MatchesRegex("^Column '(First|Second)' was made by the steps [0-9A-F]{12}, and 'KnnLandmark' was fitted on what the "
                + "steps [0-9A-F]{12} and one of another library made: ", message);
        }
    }

    [TestMethod]
    public void Transform_FeaturesOfAnotherPreparation_IsRefusedWithTheWayOut()
    {
        IDataView features = Features(16), others = Features(12);
        using KnnLandmarkTransformer model = Knn().Fit(features);
        string[] fingerprints = [.. new[] { features, others }.Select(view => Fingerprint.Of(view.Schema["Features"])![..12])];
        string message = $"Column 'Features' was made by the steps {fingerprints[1]}, and 'KnnLandmark' was fitted on what the steps "
            + $"{fingerprints[0]} made: another preparation, network or whitening. "
            + "Use the steps that were fitted together, or fit 'KnnLandmark' anew on this column. (Parameter 'inputSchema')";

        foreach (Action use in (Action[])[() => model.Transform(others), () => model.GetOutputSchema(others.Schema), ()
            => model.GetRowToRowMapper(others.Schema)])
            Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(use).Message);
        model.Transform(features);
    }

    [TestMethod]
    public void Fit_NonLandmarksOfAnotherPreparation_IsRefused()
    {
        IDataView features = Features(16), others = Features(12);

        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => s_mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(), nonLandmarks: others).Fit(features)).Message;

        Assert.StartsWith("Column 'Features' of the non-landmarks was made by the steps ", message);
        Assert.EndsWith(": another preparation, network or whitening. Make both by the same steps. (Parameter 'nonLandmarks')", message);
        s_mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(), nonLandmarks: Features(16)).Fit(features).Dispose();
    }

    [TestMethod]
    public void Transform_StepOfMLNetThatWasNotThere_IsRefused()
    {
        IDataView features = Features(16), normalized = s_mlContext.Transforms.NormalizeMeanVariance("Features").Fit(features)
            .Transform(features);
        using KnnLandmarkTransformer plain = Knn().Fit(features), after = Knn().Fit(normalized);

        Assert.StartsWith("Column 'Features' was made by a step of another library, and 'KnnLandmark' was fitted on what the steps ",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => plain.Transform(normalized)).Message);
        Assert.Contains(", and 'KnnLandmark' was fitted on what a step of another library made: ",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => after.Transform(features)).Message);
        plain.Transform(features);
        after.Transform(normalized);
    }

    [TestMethod]
    public void Transform_RowsWithoutFingerprint_AreNotChecked()
    {
        IDataView features = Features(16),
            rows = s_mlContext.Data.LoadFromEnumerable(features.Values<int>("Label")
            .Zip(features.Vectors("Features"), (label, values) => new Row { Label = label, Features = values }));
        using KnnLandmarkTransformer fittedOnRows = Knn().Fit(rows), fittedOnSteps = Knn().Fit(features);

        ViewReader.AssertSameRows(Answers(fittedOnSteps.Transform(features)), Answers(fittedOnSteps.Transform(rows)));
        ViewReader.AssertSameRows(Answers(fittedOnSteps.Transform(features)), Answers(fittedOnRows.Transform(features)));

        static object[][] Answers(IDataView view)
            => s_mlContext.Transforms.SelectColumns("PredictedLabel", "Score").Fit(view).Transform(view).AllRows();
    }

    [TestMethod]
    public void Fingerprint_WhatDoesNotChangeValues_IsNoPartOfIt()
    {
        string expected = FingerprintOf(
            new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16 });

        Assert.AreEqual(expected, FingerprintOf(
            new ImagePreparingEstimator.Options
            {
                OutputColumnName = "Others",
                InputColumnName = "ImagePath",
                ImageSize = 16,
                MaxPixels = 1_000_000,
                BadImages = BadImageHandling.Skip,
                SideMultiple = 16,
            }));
        string[] others =
        [
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath",
            ImageSize = 17 }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                ApplyOrientation = false }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                AcceptTruncated = true }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                ComposeOnWhite = true }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                Std = [0.229f, 0.224f, 0.226f] }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                Fit = ImageFit.Squash }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                ShorterSideTo = 18 }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                Rounding = ImageRounding.Torchvision }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                Bgr = true }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                Resampling = ImageResampling.PillowBicubic }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                DecodeScaling = DecodeScaling.Fast }),
            FingerprintOf(new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 16,
                ConvertToSrgb = true }),
        ];
        Assert.AreEqual(13, others.Append(expected).Distinct().Count());

        static string FingerprintOf(ImagePreparingEstimator.Options options)
            => Fingerprint.Of(s_mlContext.Transforms.PrepareImages(options).Fit(s_photos)
            .Transform(s_photos).Schema[options.OutputColumnName])!;
    }

    // Lineages in saved models and keys of caches are made of these bytes.
    [TestMethod]
    public void Fingerprint_SettingsOfBefore_IsThatOfBefore()
    {
        using var written = new MemoryStream();
        using var writer = new BinaryWriter(written);

        new ImagePreparationOptions { Mean = [0, 1, 2], Std = [1, 2, 0.5f], SideMultiple = 14, ComposeOnWhite = true }.WriteTo(writer);

        Assert.AreEqual("01" + "00000000" + "0000803f" + "00000040" + "0000803f" + "00000040" + "0000003f" + "00" + "01",
            Convert.ToHexStringLower(written.ToArray()));
    }

    [TestMethod]
    public void Fingerprint_OfASavedView_IsThere()
    {
        IDataView features = Features(16);
        using var stream = new MemoryStream();
        s_mlContext.Data.SaveAsBinary(features, stream);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["features.bin"], stream.ToArray());

        IDataView loaded = s_mlContext.Data.LoadFromBinary(folder["features.bin"]);
        IDataView copied = s_mlContext.Transforms.CopyColumns("Copy", "Features").Fit(features).Transform(features);

        string expected = Fingerprint.Of(features.Schema["Features"])!;
        Assert.AreEqual(expected, Fingerprint.Of(loaded.Schema["Features"]));
        Assert.AreEqual(expected, Fingerprint.Of(copied.Schema["Copy"]));
        Assert.AreEqual(expected, Fingerprint.Of(s_mlContext.Data.Cache(features).Schema["Features"]));
        Assert.IsNotNull(features.Preview(maxRows: 1));
        Assert.IsFalse(features.Schema["Features"].HasSlotNames());
    }

    private static IDataView Features(int size)
    {
        IDataView features = Prepare(size).Append(Embed()).Fit(s_photos).Transform(s_photos);
        return s_mlContext.Transforms.SelectColumns("Label", "Features").Fit(features).Transform(features);
    }

    private static IEstimator<ITransformer> TwoNetworks(string second) => Prepare(16)
        .Append(s_mlContext.Transforms.EmbedImages(Options("means.onnx", null, false, "First")))
        .Append(s_mlContext.Transforms.EmbedImages(Options("two_outputs.onnx", second, false, "Second")))
        .Append(s_mlContext.Transforms.NormalizeLpNorm("First")).Append(s_mlContext.Transforms.NormalizeLpNorm("Second"))
        .Append(s_mlContext.Transforms.Concatenate("Features", "First", "Second")).Append(Knn());

    private static ImagePreparingEstimator Prepare(int size, float mean = 0.5f)
        => s_mlContext.Transforms.PrepareImages(
        new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = size,
            Mean = [mean, 0.5f, 0.5f]
        });

    private static ImageEmbeddingEstimator Embed(string network = "two_outputs.onnx", string? output = null, bool mirror = false)
        => s_mlContext.Transforms.EmbedImages(Options(network, output ?? "means", mirror, "Features"));

    private static ImageEmbeddingEstimator.Options Options(string network, string? output, bool mirror, string column) => new()
    {
        OutputColumnName = column,
        InputColumnName = "Pixels",
        ModelFile = TestFiles.Golden("networks", network),
        ModelOutputName = output,
        AverageMirror = mirror,
    };

    private static ImageEmbeddingEstimator EmbedPhotographs(params int[] sizes)
        => s_mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = TestFiles.Golden("networks", "means.onnx"),
            ImageSizes = sizes,
        });

    private static WhiteningEstimator Whiten(float exponent)
        => s_mlContext.Transforms.WhitenFeatures(new WhiteningEstimator.Options { OutputColumnName = "Features", Exponent = exponent });

    private static LandmarkRecognizingEstimator Recognize()
        => s_mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Method = LandmarkMethod.Whitened });

    private static KnnLandmarkEstimator Knn(int neighbors = 2)
        => s_mlContext.Transforms.KnnLandmark(
        new KnnLandmarkEstimator.Options { NumberOfNeighbors = neighbors, NumberOfQueryPenaltyNeighbors = 1 });

    private static ITransformer Load(byte[] zip) => s_mlContext.Model.Load(new MemoryStream(zip, writable: false), out _);

    private static string Answer(ITransformer model)
    {
        using var disposable = model as IDisposable;
        IDataView answers = model.Transform(s_photos);
        if (answers.Schema.GetColumnOrNull("PredictedLabel") is null)
            return NoAnswers;
        return Describe(answers);
    }

    private static string Describe(IDataView answers)
        => string.Join(' ', answers.Values<int>("PredictedLabel")
        .Zip(answers.Values<float>("Score"), (label, score) => FormattableString.Invariant($"{label}:{score:R}")));

    private sealed record Photo(string ImagePath, int Label);

    private sealed class PhotoFile
    {
        public byte[] ImagePath { get; set; } = [];
    }

    private sealed class Answered
    {
        public int PredictedLabel { get; set; }

        public float Score { get; set; }
    }

    private sealed class Row
    {
        public int Label { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
