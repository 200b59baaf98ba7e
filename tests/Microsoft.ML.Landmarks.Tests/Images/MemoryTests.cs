using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>What photographs take of the memory; some of it in a process of its own, whose heap has a limit as a container's has.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MemoryTests
{
    private const long Limit = 512 << 20;
    private const int Width = 4000, Height = 3000;

    [TestMethod]
    public void Transform_TurnedPhotographsInHalfAGigabyte_AreAllRead()
    {
        if (!IsLimited())
            return;
        using var folder = new TemporaryFolder();
        WriteTurnedJpeg(folder["turned.jpg"]);
        IDataView photos = Photos([.. Enumerable.Repeat(folder["turned.jpg"], 64)]);
        var mlContext = new MLContext();

        foreach (BadImageHandling badImages in Enum.GetValues<BadImageHandling>())
        {
            IDataView prepared = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 32, badImages: badImages).Fit(photos)
                .Transform(photos);
            Assert.IsTrue(prepared.Vectors("Pixels").All(pixels => pixels.All(float.IsFinite)));
        }
    }

    [TestMethod]
    public void Predict_ThreadsThatTakeTurnsInHalfAGigabyte_AllAnswer()
    {
        if (!IsLimited())
            return;
        using var folder = new TemporaryFolder();
        MonochromeBitmap.Write(folder["black.bmp"], Width, Height);
        var mlContext = new MLContext();
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 8).Fit(Photos());
        int answers = 0;
        var engines = new PredictionEngine<PathRow, PixelRow>[32];

        for (int i = 0; i < engines.Length; i++)
        {
            var thread = new Thread(number =>
            {
                engines[(int)number!] = mlContext.Model.CreatePredictionEngine<PathRow, PixelRow>(model);
                answers += engines[(int)number!].Predict(new PathRow { ImagePath = folder["black.bmp"] }).Pixels.All(float.IsFinite)
                    ? 1 : 0;
            });
            thread.Start(i);
            thread.Join();
        }

        Assert.AreEqual(engines.Length, answers);
        Parallel.ForEach(engines, engine
            => Assert.IsTrue(engine.Predict(new PathRow { ImagePath = folder["black.bmp"] }).Pixels.All(float.IsFinite)));
    }

    [TestMethod]
    public void Transform_PhotographThatNeedsMoreThanThereIs_IsABadImage()
    {
        if (!IsLimited())
            return;
        using var folder = new TemporaryFolder();
        MonochromeBitmap.Write(folder["black.bmp"], Width, Height);
        MonochromeBitmap.Write(folder["huge.bmp"], 16_000, 10_000);
        using (FileStream file = File.Create(folder["long.jpg"]))
        {
            file.Write([0xff, 0xd8, 0xff]);
            file.SetLength(530_000_000);
        }

        IDataView photos = Photos([folder["black.bmp"], folder["huge.bmp"], folder["black.bmp"], folder["long.jpg"]]);
        var mlContext = new MLContext();
        string NoMemory(IDataView view)
            => Assert.ThrowsExactly<InvalidDataException>(() => Prepare(BadImageHandling.Throw, view).Vectors("Pixels")).Message;
        IDataView Prepare(BadImageHandling badImages, IDataView view)
            => mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
            {
                OutputColumnName = "Pixels",
                InputColumnName = "ImagePath",
                ImageSize = 8,
                BadImages = badImages,
                MaxPixels = int.MaxValue,
            }).Fit(view).Transform(view);

        Assert.AreEqual($"Row 1: '{folder["huge.bmp"]}' has 16000 x 10000 pixels, and there is no memory to decode them. Shrink it, or "
            + "let the program have more.",
            NoMemory(photos));
        Assert.AreEqual($"Row 0: '{folder["long.jpg"]}' takes 530000001 bytes to read, and there is no memory for them. Save the "
            + "photograph as JPEG, or let the program have more.",
            NoMemory(Photos(folder["long.jpg"])));
        CollectionAssert.AreEqual(new[] { true, false, true, false }, Prepare(BadImageHandling.Skip, photos).Vectors("Pixels")
            .Select(pixels => pixels.All(float.IsFinite)).ToArray());
    }

    [TestMethod]
    public void Transform_OnePhotograph_TakesMemoryForOne()
    {
        const int Size = 320, Most = 2_000_000, Calls = 200;
        const long ImageBytes = 3 * Size * Size * sizeof(float);
        var mlContext = new MLContext();
        IDataView photos = Photos(TestFiles.Golden("images", "large_640x427.jpg"));
        string network = TestFiles.Golden("networks", "means.onnx");
        ITransformer chain = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", Size)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", network)).Fit(photos);
        ITransformer step = mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = network,
            ImageSizes = [Size],
        }).Fit(photos);

        // One of one image, as it is read between the steps: as it is prepared and as the network gets it are kept from the call before.
        Assert.IsLessThan(Most, AllocatedBy(() => chain.Transform(photos).Vectors("Features")));
        Assert.IsLessThan(ImageBytes, AllocatedBy(() => step.Transform(photos).Vectors("Features")));

        // Each call of many that overlap takes no more on average.
        long together = AllocatedBy(() => Parallel.For(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 20 },
            _ => chain.Transform(photos).Vectors("Features")));
        Assert.IsLessThan(Most, together / Calls);
    }

    [TestMethod]
    public void Transform_MissingPhotographs_TakeNoPixels()
    {
        const int Size = 2048;
        long imageBytes = 3L * Size * Size * sizeof(float);
        IDataView photos = Photos([.. Enumerable.Range(0, 500).Select(i => $"absent-{i}.jpg")]);
        IDataView prepared = new MLContext().Transforms.PrepareImages("Pixels", "ImagePath", Size, badImages: BadImageHandling.Skip)
            .Fit(photos).Transform(photos);
        int rows = 0;

        // One row of pixels: the consumer's own.
        Assert.IsLessThan(imageBytes + (8 << 20), AllocatedBy(() =>
        {
            using DataViewRowCursor cursor = prepared.GetRowCursor(prepared.Schema);
            ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(prepared.Schema["Pixels"]);
            VBuffer<float> pixels = default;
            for (rows = 0; cursor.MoveNext(); rows++)
            {
                if (rows % 100 > 0)
                    continue;
                get(ref pixels);
                Assert.IsTrue(float.IsNaN(pixels.GetValues()[0]) && float.IsNaN(pixels.GetValues()[^1]));
            }
        }));
        Assert.AreEqual(500, rows);
    }

    [TestMethod]
    public void Transform_LargeImages_AreHeldOneByOne()
    {
        const int Size = 2048;
        long imageBytes = 3L * Size * Size * sizeof(float);
        IDataView photos = Photos([.. Enumerable.Repeat(TestFiles.Golden("images", "tiny_97x61.jpg"), 6)]);
        IDataView prepared = new MLContext().Transforms.PrepareImages("Pixels", "ImagePath", Size).Fit(photos).Transform(photos);

        // One that is served and one that is read ahead, and the consumer's.
        Assert.IsLessThan(3 * imageBytes + (8 << 20), AllocatedBy(() =>
        {
            using DataViewRowCursor cursor = prepared.GetRowCursor(prepared.Schema);
            ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(prepared.Schema["Pixels"]);
            VBuffer<float> pixels = default;
            while (cursor.MoveNext())
                get(ref pixels);
        }));
    }

    // 32 images of this size are more values than an array holds.
    [TestMethod]
    public void Transform_ImageSizeAboveTheThirtySecondPartOfAnArray_Embeds()
    {
        IDataView photos = Photos(TestFiles.Golden("images", "tiny_97x61.jpg"));
        float[][] embeddings = new MLContext().Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = TestFiles.Golden("networks", "means.onnx"),
            ImageSizes = [4800],
        }).Fit(photos).Transform(photos).Vectors("Features");

        Assert.IsTrue(embeddings[0].All(float.IsFinite));
    }

    [TestMethod]
    public void Recognize_ManyPhotographs_HoldsFewPreparedImages()
    {
        using var folder = new TemporaryFolder();
        const int Size = 256, Image = 3 * Size * Size * sizeof(float);
        var mlContext = new MLContext(seed: 1);
        byte[][] files = [.. Enumerable.Range(0, 2).Select(i => SmallPng((byte)(100 * i)))];
        IDataView photos = mlContext.Data.LoadFromEnumerable(
            files.Select((file, i) => new FileRow { File = file, Label = i == 0 ? "-1" : "l1" }));
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "File", Size)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.KnnLandmark(numberOfNeighbors: 1)).Fit(photos);
        using var recognizer = new LandmarkRecognizer(mlContext, model, photos.Schema);
        byte[][] many = [.. Enumerable.Repeat(files[1], 32)];
        recognizer.Recognize(files);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        recognizer.Recognize(many);

        // Two batches of each step, of as many as there are cores, and what a row is read to.
        int images = 4 * Environment.ProcessorCount + 4;
        Assert.IsLessThan(images * (long)Image, GC.GetTotalAllocatedBytes(precise: true) - before);
        Assert.IsLessThan(Image, AllocatedBy(() => recognizer.Recognize(many)));
    }

    [TestMethod]
    public void Load_ModelOfManyEntries_TakesFewBytesBesides()
    {
        string file = TestFiles.Golden("models", "fit-chain.zip");

        long allocated = AllocatedBy(() => LandmarkRecognizer.Load(file).Dispose());

        Assert.IsLessThan(new FileInfo(file).Length + (4 << 20), allocated);
    }

    /// <summary>Whether this process has the limit. If not, one that has it runs the test, and has passed it afterwards.</summary>
    private static bool IsLimited([CallerMemberName] string test = "")
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes <= Limit)
            return true;
        (int exitCode, string[] output, string errors) = ChildProcess.Run(typeof(MemoryTests).Assembly.Location, AppContext.BaseDirectory,
            ("DOTNET_GCHeapHardLimit", $"{Limit:x}"), "--filter", $"FullyQualifiedName={typeof(MemoryTests).FullName}.{test}",
            // Where a variable such as CI tells of a build server, the runner colors even what goes to a pipe.
            "--ansi", "off");
        Assert.AreEqual(0, exitCode, string.Join('\n', output) + errors);
        Assert.IsTrue(output.Contains("succeeded: 1"), string.Join('\n', output));
        return false;
    }

    private static long AllocatedBy(Action action)
    {
        action();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static IDataView Photos(params string[] paths)
        => new MLContext().Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));

    private static void WriteTurnedJpeg(string path)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Gray8));
        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        File.WriteAllBytes(path, ImageDecoderTests.WithOrientation(jpeg.ToArray(), 6));
    }

    private static byte[] SmallPng(byte level)
    {
        using var bitmap = new SKBitmap(8, 8);
        bitmap.Erase(new SKColor(level, level, 50));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private sealed class FileRow
    {
        public byte[] File { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class PixelRow
    {
        public float[] Pixels { get; set; } = [];
    }
}
