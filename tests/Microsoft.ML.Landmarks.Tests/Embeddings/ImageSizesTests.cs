namespace Microsoft.ML.Landmarks.Tests.Embeddings;

/// <summary>EmbedImages straight from photographs, at several sizes.</summary>
[TestClass]
public sealed class ImageSizesTests
{
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
            .Append(mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options { OutputColumnName = "Features", InputColumnName = "Pixels", ModelFile = TestFiles.Network, AverageMirror = averageMirror }))
            .Fit(photos).Transform(photos).Vectors("Features"))];

        float[][] embeddings = Embed(mlContext, photos, new() { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = TestFiles.Network, ImageSizes = sizes, AverageMirror = averageMirror });

        for (int i = 0; i < s_photos.Length; i++)
        {
            for (int j = 0; j < embeddings[i].Length; j++)
                Assert.AreEqual(sizes.Select((_, s) => single[s][i][j] / Math.Sqrt(single[s][i].Sum(v => (double)v * v))).Average(), embeddings[i][j], 1e-6, $"photograph {i}, value {j}");
        }
    }

    [TestMethod]
    public void Transform_OneSize_IsTheUnitEmbedding()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[..5]);
        float[][] expected = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 64).Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network))
            .Append(mlContext.Transforms.NormalizeLpNorm("Features")).Fit(photos).Transform(photos).Vectors("Features");

        float[][] embeddings = Embed(mlContext, photos, new() { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = TestFiles.Network, ImageSizes = [64] });

        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
                Assert.AreEqual(expected[i][j], embeddings[i][j], 1e-6f);
        }
    }

    [TestMethod]
    public void Transform_FilesAndBatchSizesAndReload_GiveTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos);
        IDataView files = mlContext.Data.LoadFromEnumerable(s_photos.Select(path => new FileRow { File = File.ReadAllBytes(path) }));
        ImageEmbeddingEstimator.Options Options(string input, int batchSize) => new() { OutputColumnName = "Features", InputColumnName = input, ModelFile = TestFiles.Network, ImageSizes = [32, 48], BatchSize = batchSize };
        ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages(Options("ImagePath", 32)).Fit(photos);
        mlContext.Model.Save(transformer, photos.Schema, folder["model.zip"]);

        float[][] expected = transformer.Transform(photos).Vectors("Features");

        foreach (float[][] embeddings in (float[][][])[Embed(mlContext, files, Options("File", 32)), Embed(mlContext, photos, Options("ImagePath", 1)), Embed(mlContext, photos, Options("ImagePath", 7)),
            new MLContext().Model.Load(folder["model.zip"], out _).Transform(photos).Vectors("Features")])
        {
            for (int i = 0; i < expected.Length; i++)
                CollectionAssert.AreEqual(expected[i], embeddings[i]);
        }
    }

    [TestMethod]
    public void Transform_Preparation_IsUsed()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        IDataView photos = Photos(mlContext, s_photos[0], "missing.jpg", s_photos[1]);
        var preparation = new ImagePreparationOptions { BadImages = BadImageHandling.Skip, Mean = [0, 0, 0], Std = [1, 1, 1] };
        ImageEmbeddingEstimator.Options Options(ImagePreparationOptions p) => new() { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = TestFiles.Golden("networks", "means.onnx"), ImageSizes = [16, 24], Preparation = p };

        float[][] embeddings = Embed(mlContext, photos, Options(preparation));

        // Means of levels from 0 to 1 at unit length.
        Assert.IsTrue(embeddings[0].Concat(embeddings[2]).All(v => v is > 0 and < 1));
        Assert.IsTrue(embeddings[1].All(float.IsNaN));
        CollectionAssert.AreEqual(new[] { "1 photograph could not be read and became a missing row. The first: Row 1: 'missing.jpg' does not exist." }, warnings);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Embed(mlContext, photos, Options(new())));
        Assert.AreEqual("Row 1: 'missing.jpg' does not exist.", error.Message);
    }

    [TestMethod]
    public void Options_ImageSizesOutOfRange_ThrowWhereTheyAreSet()
    {
        ImageEmbeddingEstimator.Options Options(params int[] sizes) => new() { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = "x.onnx", ImageSizes = sizes };

        Assert.AreEqual("ImageSizes", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Options(320, 0)).ParamName);
        Assert.AreEqual("ImageSizes", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Options(16_385)).ParamName);
        Assert.AreEqual("ImageSizes is a list of 0; it must be null, or a list of 1 to 64 sizes. (Parameter 'ImageSizes')", Assert.ThrowsExactly<ArgumentException>(() => Options()).Message);
    }

    [TestMethod]
    public void EmbedImages_ImageSizesThatTheNetworkDoesNotTake_ThrowAtOnce()
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = TestFiles.Golden("networks", "fixed_size.onnx"), ImageSizes = [8, 16] }));

        Assert.AreEqual("ImageSizes names 16, but the network takes images of 8 x 8 pixels alone.", error.Message);
    }

    [TestMethod]
    public void Fit_OutputsOfSeveralLengths_Throw()
    {
        var mlContext = new MLContext();
        IDataView photos = Photos(mlContext, s_photos[0]);
        ImageEmbeddingEstimator estimator = mlContext.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options { OutputColumnName = "Features", InputColumnName = "ImagePath", ModelFile = TestFiles.Golden("networks", "pixels.onnx"), ImageSizes = [2, 3] });

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(photos));

        Assert.AreEqual("The network's output 'pixels' has [12, 27] values for images of [2, 3] pixels; a mean needs as many for each size.", error.Message);
    }

    private static float[][] Embed(MLContext mlContext, IDataView view, ImageEmbeddingEstimator.Options options)
        => mlContext.Transforms.EmbedImages(options).Fit(view).Transform(view).Vectors("Features");

    private static IDataView Photos(MLContext mlContext, params string[] paths)
        => mlContext.Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));
}
