using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Photographs that come as MLImage: whose they are, and what is in them.</summary>
[TestClass]
public sealed class DecodedImagesTests
{
    // More than two batches, so that both of a cursor's are filled again.
    private const int Count = 70;

    [TestMethod]
    public void FitAndTransform_ImagesOfTheCaller_StayAlive()
    {
        var mlContext = new MLContext();
        DecodedRow[] rows = Rows(Count);
        IDataView view = mlContext.Data.LoadFromEnumerable(rows);
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "Image", 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "pixels.onnx")))
            .Append(mlContext.Transforms.WhitenFeatures("Features"));

        IDataView whitened = pipeline.Fit(view).Transform(view);
        float[][] first = whitened.Vectors("Features"), second = whitened.Vectors("Features");

        for (int row = 0; row < Count; row++)
            CollectionAssert.AreEqual(first[row], second[row]);
        AssertAlive(rows);
    }

    [TestMethod]
    public void Transform_ImagesOfTheCallerPassedThrough_StayAlive()
    {
        var mlContext = new MLContext();
        DecodedRow[] rows = Rows(Count);
        IDataView prepared = Prepare(mlContext, mlContext.Data.LoadFromEnumerable(rows));

        for (int pass = 0; pass < 2; pass++)
            Assert.AreEqual(Count, mlContext.Data.CreateEnumerable<PreparedRow>(prepared, reuseRowObject: pass == 0).Count());

        AssertAlive(rows);
    }

    [TestMethod]
    public void PredictionEngine_ImagesOfTheCaller_StayAlive()
    {
        var mlContext = new MLContext();
        DecodedRow[] rows = Rows(3);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "Image", 8).Fit(mlContext.Data.LoadFromEnumerable(rows));

        using (PredictionEngine<DecodedRow, PreparedRow> engine = mlContext.Model.CreatePredictionEngine<DecodedRow, PreparedRow>(model))
        {
            foreach (DecodedRow row in rows.Concat(rows))
                Assert.HasCount(3 * 8 * 8, engine.Predict(row).Pixels);
        }

        AssertAlive(rows);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Transform_ImagesOfLoadImages_AreFreedWithTheirRows(bool passedThrough)
    {
        var mlContext = new MLContext();
        IDataView paths = Paths(mlContext);
        var loaded = new CountingView(mlContext.Transforms.LoadImages("Image", null, "ImagePath").Fit(paths).Transform(paths));
        IDataView prepared = Prepare(mlContext, loaded);

        using (DataViewRowCursor cursor = prepared.GetRowCursor(passedThrough ? prepared.Schema : [prepared.Schema["Pixels"]]))
        {
            while (cursor.MoveNext()) { }
        }

        Assert.HasCount(Count, loaded.Images);
        Assert.AreEqual(1, loaded.MostLiveImages);
        Assert.IsFalse(loaded.Images.Any(image => image.IsAlive()));
    }

    [TestMethod]
    public void Transform_ImagesOfResizeImages_AreFreedWithTheirRows()
    {
        // ResizeImages disposes what it overwrites, and nothing at its end; where the size is right it hands on what it read.
        foreach ((int width, int height) in ((int, int)[])[(77, 53), (40, 40)])
        {
            var mlContext = new MLContext();
            IDataView paths = Paths(mlContext);
            var pipeline = mlContext.Transforms.LoadImages("Image", null, "ImagePath")
                .Append(mlContext.Transforms.ResizeImages("Image", width, height));
            var resized = new CountingView(pipeline.Fit(paths).Transform(paths));

            Prepare(mlContext, resized).Vectors("Pixels");

            Assert.AreEqual(1, resized.MostLiveImages);
            Assert.IsFalse(resized.Images.Any(image => image.IsAlive()));
        }
    }

    [TestMethod]
    public void Dispose_RowOfAMapper_DisposesTheRowBeforeIt()
    {
        // A prediction engine disposes the last row of a chain alone; LoadImages frees its last image with its row.
        var mlContext = new MLContext();
        var source = new CountingView(mlContext.Data.LoadFromEnumerable(Rows(1)));
        IRowToRowMapper mapper = mlContext.Transforms.PrepareImages("Pixels", "Image", 8).Fit(source).GetRowToRowMapper(source.Schema);

        mapper.GetRow(source.GetRowCursor(source.Schema), [mapper.OutputSchema["Pixels"]]).Dispose();

        Assert.AreEqual(0, source.OpenCursors);
    }

    [TestMethod]
    public void Transform_ImagesOfLoadImages_AreTurnedAsThoseOfPaths()
    {
        var mlContext = new MLContext();
        List<string> messages = Messages(mlContext, ChannelMessageKind.Info), warnings = mlContext.CollectWarnings();
        string[] files = [.. Enumerable.Range(1, 8).Select(i => TestFiles.Golden("kinds", $"orientation_{i}.jpg"))];
        IDataView paths = mlContext.Data.LoadFromEnumerable(files.Select(file => new PathRow { ImagePath = file }));
        IDataView images = mlContext.Transforms.LoadImages("Image", null, "ImagePath").Fit(paths).Transform(paths);
        float[][] expected = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 8).Fit(paths).Transform(paths).Vectors("Pixels");

        float[][] pixels = Prepare(mlContext, images).Vectors("Pixels");

        for (int i = 0; i < files.Length; i++)
            CollectionAssert.AreEqual(expected[i], pixels[i], files[i]);
        Assert.AreEqual("8 photographs came as MLImage, without orientation; it was read from the files that Tag names.",
            messages.Single(m => m.Contains("MLImage")));
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("photo 17")]
    [DataRow("missing.jpg")]
    [DataRow(".")]
    [DataRow("a\0b")]
    public void Transform_ImageWhoseTagNamesNoFile_IsTakenAsItIsWithOneWarning(string? tag)
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        using MLImage sideways = MLImage.CreateFromFile(TestFiles.Golden("kinds", "orientation_6.jpg"));
        sideways.Tag = tag;
        float[] stored = AsStored(mlContext, Paths(mlContext, "orientation_6.jpg", count: 1), "ImagePath");
        IDataView view = mlContext.Data.LoadFromEnumerable(Enumerable.Repeat(new AnyImageRow { Image = sideways }, Count));

        float[][] pixels = Prepare(mlContext, view).Vectors("Pixels");

        Assert.IsTrue(pixels.All(row => row.SequenceEqual(stored)));
        CollectionAssert.AreEqual(new[] { "70 photographs came as MLImage, and the orientation of the file is gone: taken as they are. "
            + "Give the step paths or the bytes of files, or set ApplyOrientation to false where images stand upright." }, warnings);
    }

    [TestMethod]
    public void Transform_OrientationIgnored_TakesImagesAsTheyAreWithoutAWord()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        IDataView paths = Paths(mlContext, "orientation_6.jpg", count: 1);
        IDataView images = mlContext.Transforms.LoadImages("Image", null, "ImagePath").Fit(paths).Transform(paths);

        float[] pixels = AsStored(mlContext, images, "Image");

        CollectionAssert.AreEqual(AsStored(mlContext, paths, "ImagePath"), pixels);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Transform_TransparentImageOfLoadImages_HasTheColorsOfTheFile()
    {
        string file = TestFiles.Golden("levels", "png_animated.png");
        byte[][] expected = [.. File.ReadAllBytes($"{file}.u8").Chunk(4)];
        var mlContext = new MLContext();
        IDataView paths = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = file }]);
        IDataView images = mlContext.Transforms.LoadImages("Image", null, "ImagePath").Fit(paths).Transform(paths);

        float[] dropped = Levels(mlContext, images, 16, composeOnWhite: false);
        float[] composed = Levels(mlContext, images, 16, composeOnWhite: true);

        for (int i = 0; i < expected.Length; i++)
        {
            int alpha = expected[i][3];
            for (int channel = 0; channel < 3; channel++)
            {
                int level = expected[i][channel], place = channel * expected.Length + i;
                // A product with alpha has alpha + 1 levels, and is rounded twice; where alpha is 0 nothing is left of the color.
                Assert.AreEqual(alpha == 0 ? 0 : level, dropped[place], alpha == 0 ? 0 : 127.5f / alpha + 1, $"pixel {i}");
                Assert.AreEqual((level * alpha + 255 * (255 - alpha)) / 255f, composed[place], 1.1f, $"pixel {i} on white");
            }
        }
    }

    [TestMethod]
    [DataRow(new byte[] { 100, 50, 0, 128 }, new byte[] { 199, 100, 0 }, new byte[] { 227, 177, 127 })]
    [DataRow(new byte[] { 200, 100, 0, 128 }, new byte[] { 200, 100, 0 }, new byte[] { 227, 177, 127 })]
    [DataRow(new byte[] { 9, 8, 7, 0 }, new byte[] { 9, 8, 7 }, new byte[] { 255, 255, 255 })]
    [DataRow(new byte[] { 9, 8, 7, 255 }, new byte[] { 9, 8, 7 }, new byte[] { 9, 8, 7 })]
    public void Transform_ImageOfCreateFromPixels_HasItsColors(byte[] pixel, byte[] dropped, byte[] composed)
    {
        // Multiplied by alpha, or plainly not: a level is above it.
        foreach (MLPixelFormat format in (MLPixelFormat[])[MLPixelFormat.Rgba32, MLPixelFormat.Bgra32])
        {
            byte[] stored = format == MLPixelFormat.Rgba32 ? pixel : [pixel[2], pixel[1], pixel[0], pixel[3]];
            using MLImage image = MLImage.CreateFromPixels(1, 1, format, stored);
            var mlContext = new MLContext();
            IDataView view = mlContext.Data.LoadFromEnumerable([new AnyImageRow { Image = image }]);

            foreach ((bool onWhite, byte[] expected) in ((bool, byte[])[])[(false, dropped), (true, composed)])
                CollectionAssert.AreEqual(expected, Levels(mlContext, view, 1, onWhite).Select(level => (byte)Math.Round(level)).ToArray());
        }
    }

    private static float[] Levels(MLContext mlContext, IDataView images, int size, bool composeOnWhite)
    {
        var options = new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "Image",
            ImageSize = size,
            ComposeOnWhite = composeOnWhite,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
        };
        float[] pixels = mlContext.Transforms.PrepareImages(options).Fit(images).Transform(images).Vectors("Pixels").Single();
        return [.. pixels.Select(value => value * 255)];
    }

    private static float[] AsStored(MLContext mlContext, IDataView view, string column)
        => mlContext.Transforms.PrepareImages("Pixels", column, 8, applyOrientation: false).Fit(view).Transform(view)
            .Vectors("Pixels").Single();

    private static List<string> Messages(MLContext mlContext, ChannelMessageKind kind)
    {
        List<string> messages = [];
        mlContext.Log += (_, e) =>
        {
            if (e.Kind == kind)
                messages.Add(e.RawMessage);
        };
        return messages;
    }

    private static IDataView Paths(MLContext mlContext, string name = "rgb.png", int count = Count)
        => mlContext.Data.LoadFromEnumerable(Enumerable.Repeat(new PathRow { ImagePath = TestFiles.Golden("kinds", name) }, count));

    private static IDataView Prepare(MLContext mlContext, IDataView images)
        => mlContext.Transforms.PrepareImages("Pixels", "Image", 8).Fit(images).Transform(images);

    /// <summary>Images of random levels, opaque.</summary>
    private static DecodedRow[] Rows(int count)
    {
        var random = new Random(7);
        byte[] pixels = new byte[DecodedRow.Side * DecodedRow.Side * 4];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            random.NextBytes(pixels);
            for (int i = 3; i < pixels.Length; i += 4)
                pixels[i] = 255;
            return new DecodedRow { Image = MLImage.CreateFromPixels(DecodedRow.Side, DecodedRow.Side, MLPixelFormat.Rgba32, pixels) };
        })];
    }

    private static void AssertAlive(DecodedRow[] rows) => Assert.IsTrue(rows.All(row => row.Image!.IsAlive()));

    private sealed class AnyImageRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class PreparedRow : DecodedRow
    {
        [VectorType(3, 8, 8)]
        public float[] Pixels { get; set; } = [];
    }
}
