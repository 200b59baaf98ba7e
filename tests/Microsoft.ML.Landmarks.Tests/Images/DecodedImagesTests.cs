using Microsoft.ML.Data;

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
            var resized = new CountingView(mlContext.Transforms.LoadImages("Image", null, "ImagePath").Append(mlContext.Transforms.ResizeImages("Image", width, height)).Fit(paths).Transform(paths));

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

    private static IDataView Paths(MLContext mlContext)
        => mlContext.Data.LoadFromEnumerable(Enumerable.Repeat(new PathRow { ImagePath = TestFiles.Golden("kinds", "rgb.png") }, Count));

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

    private sealed class PreparedRow : DecodedRow
    {
        [VectorType(3, 8, 8)]
        public float[] Pixels { get; set; } = [];
    }
}
