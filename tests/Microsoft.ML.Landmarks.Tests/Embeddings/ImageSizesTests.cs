using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Embeddings;

/// <summary>EmbedImages straight from photographs, at several sizes.</summary>
[TestClass]
public sealed class ImageSizesTests
{
    // Takes images of any size, and answers at once.
    private static readonly string s_means = TestFiles.Golden("networks", "means.onnx");

    private static readonly string[] s_photos = [.. GoldenCase.ReadAll().Where(c => c.Name != "orientation6").Select(c => c.Path)];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Transform_ImageSizes_IsTheMeanOfUnitOutputs(bool averageMirror)
    {
        int[] sizes = [64, 96, 80];
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos);
        float[][][] single = [.. sizes.Select(size => mlContext.Transforms.PrepareImages("Pixels", "ImagePath", size)
            .Append(mlContext.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options { OutputColumnName = "Features", InputColumnName = "Pixels", ModelFile = TestFiles.Network,
            AverageMirror = averageMirror }))
            .Fit(photos).Transform(photos).Vectors("Features"))];

        float[][] embeddings = Embed(mlContext, photos,
            new()
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = TestFiles.Network,
                ImageSizes = sizes,
                AverageMirror = averageMirror
            });

        for (int i = 0; i < s_photos.Length; i++)
        {
            for (int j = 0; j < embeddings[i].Length; j++)
                Assert.AreEqual(sizes.Select((_, s) => single[s][i][j] / Math.Sqrt(single[s][i].Sum(v => (double)v * v))).Average(),
                    embeddings[i][j], 1e-6, $"photograph {i}, value {j}");
        }
    }

    [TestMethod]
    public void Transform_OneSize_IsTheUnitEmbedding()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[..5]);
        float[][] expected = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 64)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network))
            .Append(mlContext.Transforms.NormalizeLpNorm("Features")).Fit(photos).Transform(photos).Vectors("Features");

        float[][] embeddings = Embed(mlContext, photos,
            new() { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = TestFiles.Network, ImageSizes = [64] });

        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
                Assert.AreEqual(expected[i][j], embeddings[i][j], 1e-6f);
        }
    }

    [TestMethod]
    public void EmbedPhotographs_SizesAndNone_IsEmbedImagesAtTheseAndAtTheNetworksOwn()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos);
        // It says 24; the other says nothing.
        string silent = TestFiles.Golden("networks", "means_4d.onnx");
        float[][] Old(string network, params int[] sizes) => Embed(mlContext, photos, new()
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = network,
            ImageSizes = sizes,
        });
        float[][] New(string network, params int[] sizes)
            => mlContext.Transforms.EmbedPhotographs("Features", "ImagePath", network, sizes)
                .Fit(photos).Transform(photos).Vectors("Features");

        AssertSame(Old(s_means, 40, 24), New(s_means, 40, 24));
        AssertSame(Old(s_means, 24), New(s_means));
        AssertSame(Old(silent, 384), New(silent));
        AssertSame(Old(s_means, 24), mlContext.Transforms.EmbedPhotographs(
            new ImageEmbeddingEstimator.Options { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = s_means })
            .Fit(photos).Transform(photos).Vectors("Features"));
    }

    [TestMethod]
    public void EmbedPhotographs_WrongSizes_AreRefused()
    {
        TransformsCatalog catalog = new MLContext().Transforms;

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EmbedPhotographs("Features", "ImagePath", s_means, 24, 0));
        Assert.ThrowsExactly<ArgumentNullException>(() => catalog.EmbedPhotographs("Features", "ImagePath", s_means, null!));
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => catalog.EmbedPhotographs("Features", "ImagePath", TestFiles.Golden("networks", "fixed_size.onnx"), 9));
        Assert.AreEqual("ImageSizes names 9, but the network takes images of 8 x 8 pixels alone.", error.Message);
    }

    [TestMethod]
    public void Transform_FilesAndBatchSizesAndReload_GiveTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos);
        IDataView files = mlContext.Data.LoadFromEnumerable(s_photos.Select(path => new FileRow { File = File.ReadAllBytes(path) }));
        ImageEmbeddingEstimator.Options Options(string input, int batchSize)
            => new()
            {
                OutputColumnName = "Features",
                InputColumnName = input,
                ModelFile = TestFiles.Network,
                ImageSizes = [64, 48],
                BatchSize = batchSize
            };
        ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options("ImagePath", 32)).Fit(photos);
        mlContext.Model.Save(transformer, photos.Schema, folder["model.zip"]);

        float[][] expected = transformer.Transform(photos).Vectors("Features");

        foreach (float[][] embeddings in (float[][][])[Embed(mlContext, files, Options("File", 32)),
            Embed(mlContext, photos, Options("ImagePath", 1)), Embed(mlContext, photos, Options("ImagePath", 7)),
            new MLContext().Model.Load(folder["model.zip"], out _).Transform(photos).Vectors("Features")])
            AssertSame(expected, embeddings);
    }

    [TestMethod]
    public void Transform_Preparation_IsUsed()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        IDataView photos = Photos(mlContext, s_photos[0], "missing.jpg", s_photos[1]);
        var preparation = new ImagePreparationOptions { BadImages = BadImageHandling.Skip, Mean = [0, 0, 0], Std = [1, 1, 1] };
        ImageEmbeddingEstimator.Options Options(ImagePreparationOptions p)
            => new()
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = s_means,
                ImageSizes = [16, 24],
                Preparation = p
            };

        float[][] embeddings = Embed(mlContext, photos, Options(preparation));

        // Means of levels from 0 to 1 at unit length.
        Assert.IsTrue(embeddings[0].Concat(embeddings[2]).All(v => v is > 0 and < 1));
        Assert.IsTrue(embeddings[1].All(float.IsNaN));
        CollectionAssert.AreEqual(new[] { "1 photograph could not be read and became a missing row. The first: Row 1: 'missing.jpg' does "
            + "not exist." }, warnings);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Embed(mlContext, photos, Options(new())));
        Assert.AreEqual("Row 1: 'missing.jpg' does not exist.", error.Message);
    }

    [TestMethod]
    public void WithBadImages_AfterReload_ChangesThatAlone()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView good = Photos(mlContext, s_photos[..3]), bad = Photos(mlContext, s_photos[0], "missing.jpg", s_photos[1]);
        ImageEmbeddingTransformer fitted = mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = TestFiles.Network,
            AverageMirror = true,
            ImageSizes = [48, 32],
            Preparation = new() { ApplyOrientation = false, Mean = [0.1f, 0.2f, 0.3f], Std = [1, 2, 3] },
        }).Fit(good);
        float[][] expected = fitted.Transform(good).Vectors("Features");

        ImageEmbeddingTransformer throwing = Reload(fitted), skipping = throwing.WithBadImages(BadImageHandling.Skip),
            reloaded = Reload(skipping);

        Assert.AreEqual(BadImageHandling.Throw, throwing.BadImages);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => throwing.Transform(bad).Vectors("Features"));
        Assert.AreEqual("Row 1: 'missing.jpg' does not exist.", error.Message);
        foreach (ImageEmbeddingTransformer transformer in (ImageEmbeddingTransformer[])[skipping, reloaded])
        {
            Assert.AreEqual(BadImageHandling.Skip, transformer.BadImages);
            AssertSame(expected, transformer.Transform(good).Vectors("Features"));
            float[][] embeddings = transformer.Transform(bad).Vectors("Features");
            AssertSame(expected[..2], [embeddings[0], embeddings[2]]);
            Assert.IsTrue(embeddings[1].All(float.IsNaN));
        }

        ImageEmbeddingTransformer Reload(ITransformer transformer)
        {
            mlContext.Model.Save(transformer, good.Schema, folder["model.zip"]);
            return (ImageEmbeddingTransformer)new MLContext().Model.Load(folder["model.zip"], out _);
        }
    }

    [TestMethod]
    public void BadImagesAndMaxPixels_Changed_CountForTheCursorsThatAreOpenedThen()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[0], "missing.jpg", s_photos[1]);
        using ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options(8, 16)).Fit(photos);
        IDataView embedded = transformer.Transform(photos);
        Assert.ThrowsExactly<InvalidDataException>(() => embedded.Vectors("Features"));
        var skipped = new SkippedImages();

        (transformer.BadImages, transformer.SkippedImages) = (BadImageHandling.Skip, skipped);
        Assert.AreSequenceEqual([true, false, true], embedded.Vectors("Features").Select(values => values.All(float.IsFinite)));
        transformer.MaxPixels = 1;
        Assert.AreSequenceEqual([false, false, false], embedded.Vectors("Features").Select(values => values.All(float.IsFinite)));

        Assert.AreSequenceEqual([1L, 0, 1, 2], skipped.All.Select(image => image.Row));
        Assert.AreEqual(1, transformer.MaxPixels);
    }

    [TestMethod]
    public void WithBadImages_NeitherThrowNorSkip_Throws()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[0]);
        using ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options(8)).Fit(photos);

        Assert.AreEqual("BadImages is 7; it must be Throw or Skip. (Parameter 'BadImages')",
            Assert.ThrowsExactly<ArgumentException>(() => transformer.WithBadImages((BadImageHandling)7)).Message);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void WithBadImages_OneOfTheTwoDisposed_LeavesTheOtherItsNetwork(bool disposesTheFirst)
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, [.. Enumerable.Repeat(s_photos[0], 5)]);
        ImageEmbeddingTransformer first = mlContext.Transforms.EmbedImages(Options(8, 16)).Fit(photos),
            second = first.WithBadImages(BadImageHandling.Skip);
        (ImageEmbeddingTransformer disposed, ImageEmbeddingTransformer kept) = disposesTheFirst ? (first, second) : (second, first);
        float[][] expected = kept.Transform(photos).Vectors("Features");
        IDataView ofTheDisposed = disposed.Transform(photos);

        disposed.Dispose();
        disposed.Dispose();

        AssertSame(expected, kept.Transform(photos).Vectors("Features"));
        using ImageEmbeddingTransformer third = kept.WithBadImages(BadImageHandling.Throw);
        Assert.IsFalse(disposed.IsNetworkLoaded);
        Assert.IsTrue(third.IsNetworkLoaded);
        kept.Dispose();
        AssertSame(expected, third.Transform(photos).Vectors("Features"));
        AssertSame(expected, ofTheDisposed.Vectors("Features"));
        Assert.IsTrue(disposed.IsNetworkLoaded);
    }

    [TestMethod]
    public void Dispose_CursorAtWork_FreesTheNetworkAfterIt()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, [.. Enumerable.Repeat(s_photos[0], 80)]);
        ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options(8)).Fit(photos);
        IDataView embedded = transformer.Transform(photos);
        float[][] expected = embedded.Vectors("Features");
        using (DataViewRowCursor cursor = embedded.GetRowCursor(embedded.Schema))
        {
            ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(embedded.Schema["Features"]);
            VBuffer<float> embedding = default;
            for (int row = 0; cursor.MoveNext(); row++)
            {
                if (row == 0)
                    transformer.Dispose();
                get(ref embedding);
                CollectionAssert.AreEqual(expected[row], embedding.DenseValues().ToArray());
            }

            Assert.IsTrue(transformer.IsNetworkLoaded);
        }

        Assert.IsFalse(transformer.IsNetworkLoaded);
        AssertSame(expected, transformer.Transform(photos).Vectors("Features"));
        Assert.IsTrue(transformer.IsNetworkLoaded);
    }

    // As a service does that makes an engine for each request: none disturbs another, and the last one leaves nothing.
    [TestMethod]
    public void PredictionEngine_ManyAtOnce_EachHasItsAnswer()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos);
        ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options(8)).Fit(photos);
        float[][] expected = transformer.Transform(photos).Vectors("Features");
        transformer.Dispose();

        Parallel.For(0, 40, i =>
        {
            using PredictionEngine<PathRow, EmbeddedRow> engine = mlContext.Model.CreatePredictionEngine<PathRow, EmbeddedRow>(transformer);
            CollectionAssert.AreEqual(expected[i % s_photos.Length],
                engine.Predict(new PathRow { ImagePath = s_photos[i % s_photos.Length] }).Features);
        });

        Assert.IsFalse(transformer.IsNetworkLoaded);
    }

    [TestMethod]
    public void WithBadImages_MadeAndDisposedWhileTheOtherEmbeds_LeavesItAtWork()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, [.. Enumerable.Repeat(s_photos[0], 20)]);
        using ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options(8, 16)).Fit(photos);
        float[][] expected = transformer.Transform(photos).Vectors("Features");
        Task<float[][][]> embeddings =
            Task.Run(() => Enumerable.Range(0, 20).Select(_ => transformer.Transform(photos).Vectors("Features")).ToArray());

        do
        {
            using ImageEmbeddingTransformer other = transformer.WithBadImages(BadImageHandling.Skip);
            AssertSame(expected[..1], other.Transform(mlContext.Data.TakeRows(photos, 1)).Vectors("Features"));
        }
        while (!embeddings.IsCompleted);

        foreach (float[][] found in embeddings.Result)
            AssertSame(expected, found);
    }

    [TestMethod]
    public void WithBadImages_PreparedImages_GivesTheSameEmbeddings()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[0], "missing.jpg", s_photos[1]);
        IDataView pixels = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 8, badImages: BadImageHandling.Skip).Fit(photos)
            .Transform(photos);
        using ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages("Features", "Pixels", s_means).Fit(pixels);
        float[][] expected = transformer.Transform(pixels).Vectors("Features");
        Assert.IsTrue(expected[1].All(float.IsNaN));

        foreach (BadImageHandling badImages in Enum.GetValues<BadImageHandling>())
        {
            using ImageEmbeddingTransformer other = transformer.WithBadImages(badImages);
            AssertSame(expected, other.Transform(pixels).Vectors("Features"));
        }
    }

    [TestMethod]
    public void Options_ImageSizesOutOfRange_ThrowWhereTheyAreSet()
    {
        Assert.AreEqual("ImageSizes", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Options(320, 0)).ParamName);
        Assert.AreEqual("ImageSizes", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Options(16_385)).ParamName);
        Assert.AreEqual("ImageSizes is a list of 0; it must be null, or a list of 1 to 64 sizes. (Parameter 'ImageSizes')",
            Assert.ThrowsExactly<ArgumentException>(() => Options()).Message);
    }

    [TestMethod]
    public void EmbedImages_ImageSizesThatTheNetworkDoesNotTake_ThrowAtOnce()
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = TestFiles.Golden("networks", "fixed_size.onnx"),
                ImageSizes = [8, 16]
            }));

        Assert.AreEqual("ImageSizes names 16, but the network takes images of 8 x 8 pixels alone.", error.Message);
    }

    [TestMethod]
    public void Fit_ImageSizesOneOfWhichFails_ThrowsBeforeTheFirstPhotograph()
    {
        var mlContext = new MLContext();
        string network = TestFiles.Golden("networks", "positions.onnx");
        ImageEmbeddingEstimator estimator = mlContext.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = network,
                ImageSizes = [64, 48]
            });

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(Photos(mlContext, "missing.jpg")));

        Assert.StartsWith($"'{network}' can't be run on an image of 48 x 48 pixels. Name a size that it takes. ONNX Runtime says: ",
            error.Message);
    }

    [TestMethod]
    public void Fit_OutputsOfSeveralLengths_Throw()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[0]);
        ImageEmbeddingEstimator estimator = mlContext.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = TestFiles.Golden("networks", "pixels.onnx"),
                ImageSizes = [2, 3]
            });

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(photos));

        Assert.AreEqual("The network's output 'pixels' has [12, 27] values for images of [2, 3] pixels; a mean needs as many for each "
            + "size.", error.Message);
    }

    private static ImageEmbeddingEstimator.Options Options(params int[] sizes)
        => new() { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = s_means, ImageSizes = sizes };

    private static void AssertSame(float[][] expected, float[][] embeddings)
    {
        Assert.HasCount(expected.Length, embeddings);
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], embeddings[i]);
    }

    private static float[][] Embed(MLContext mlContext, IDataView view, ImageEmbeddingEstimator.Options options)
        => mlContext.Transforms.EmbedImages(options).Fit(view).Transform(view).Vectors("Features");

    private static IDataView Photos(MLContext mlContext, params string[] paths)
        => mlContext.Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));

    private sealed class EmbeddedRow
    {
        public float[] Features { get; set; } = [];
    }
}
