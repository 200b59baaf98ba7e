using System.Security.Cryptography;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Embeddings;
using Microsoft.ML.Landmarks.Embeddings.Pooling;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Tests.Devices;

namespace Microsoft.ML.Landmarks.Tests.Embeddings;

[TestClass]
public sealed class EmbedImagesTests
{
    private const float GoldenTolerance = 1e-4f;

    [TestMethod]
    public void Options_EmptyInputColumnName_ThrowsWhereItIsSet()
        => Assert.AreEqual("InputColumnName",
        Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.EmbedImages("Features", "", TestFiles.Network)).ParamName);

    [TestMethod]
    public void Fit_BytesOfTheNetwork_TakesThemInPlaceOfTheFile()
    {
        var mlContext = new MLContext();
        IDataView images = PreparedRow.View(mlContext, Images(3));
        ImageEmbeddingEstimator.Options Options(byte[] network, string file) => new()
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = file,
            ModelBytes = network,
        };

        float[][] embeddings = mlContext.Transforms.EmbedImages(Options(File.ReadAllBytes(Network("means")), "none.onnx")).Fit(images)
            .Transform(images).Vectors("Features");

        float[][] expected = mlContext.Transforms.EmbedImages("Features", "Pixels", Network("means")).Fit(images).Transform(images)
            .Vectors("Features");
        CollectionAssert.AreEqual(expected.SelectMany(row => row).ToArray(), embeddings.SelectMany(row => row).ToArray());
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidOperationException>(()
            => mlContext.Transforms.EmbedImages(Options([1, 2, 3], "model.zip"))).Message, "'model.zip' ");
    }

    [TestMethod]
    [DataRow(320)]
    [DataRow(384)]
    public void Transform_GoldenPhotographs_HasTheGoldenEmbeddings(int size)
    {
        float[][] expected = TestFiles.ReadRows(TestFiles.Golden($"embeddings_{size}.f32"), 1280);
        GoldenCase[] cases = GoldenCase.ReadAll();
        var mlContext = new MLContext();

        for (int i = 0; i < cases.Length; i++)
        {
            IDataView path = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = cases[i].Path }]);
            var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", size, cases[i].ApplyOrientation)
                .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network));
            float[] embedding = pipeline.Fit(path).Transform(path).Vectors("Features").Single();

            Assert.HasCount(expected[i].Length, embedding);
            // Its decoder gives other levels.
            if (cases[i].Name == "cmyk")
                continue;
            for (int j = 0; j < embedding.Length; j++)
                Assert.AreEqual(expected[i][j], embedding[j], GoldenTolerance, $"{cases[i].Name}, value {j}");
        }
    }

    [TestMethod]
    [DataRow("means")]
    [DataRow("means_4d")]
    [DataRow("one_token")]
    [DataRow("fixed_size")]
    [DataRow("fixed_batch")]
    public void Transform_AnyBatchSize_GivesEachRowItsEmbedding(string network)
    {
        foreach (int rows in (int[])[1, 3, 4, 9])
        {
            foreach (int batchSize in (int[])[1, 3, 7, 64])
            {
                var mlContext = new MLContext();
                PreparedRow[] images = Images(rows);
                IDataView view = PreparedRow.View(mlContext, images);

                float[][] embeddings = mlContext.Transforms.EmbedImages("Features", "Pixels", Network(network), batchSize: batchSize)
                    .Fit(view).Transform(view).Vectors("Features");

                Assert.HasCount(rows, embeddings);
                for (int i = 0; i < rows; i++)
                    AssertMeans(images[i].Pixels, embeddings[i]);
            }
        }
    }

    [TestMethod]
    [DataRow("means")]
    [DataRow("fixed_batch")]
    public void Transform_AnyBatchSize_GivesTheSameBits(string network)
    {
        var mlContext = new MLContext();
        IDataView view = PreparedRow.View(mlContext, Images(9));
        float[][] Embed(int batchSize)
            => mlContext.Transforms.EmbedImages("Features", "Pixels", Network(network), batchSize: batchSize).Fit(view)
            .Transform(view).Vectors("Features");
        float[][] expected = Embed(4);

        foreach (int batchSize in (int[])[8, 12, 64])
        {
            float[][] embeddings = Embed(batchSize);
            for (int i = 0; i < expected.Length; i++)
                CollectionAssert.AreEqual(expected[i], embeddings[i]);
        }
    }

    [TestMethod]
    public void Transform_OutputOfFreeLength_IsMeasured()
    {
        var mlContext = new MLContext();
        PreparedRow[] images = Images(3);
        IDataView view = PreparedRow.View(mlContext, images);

        IDataView embedded = mlContext.Transforms.EmbedImages("Features", "Pixels", Network("pixels")).Fit(view).Transform(view);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 192), embedded.Schema["Features"].Type);
        float[][] embeddings = embedded.Vectors("Features");
        for (int i = 0; i < images.Length; i++)
            CollectionAssert.AreEqual(images[i].Pixels, embeddings[i]);
    }

    [TestMethod]
    [DataRow("means")]
    [DataRow("fixed_batch")]
    public void Transform_MissingImages_GiveNaNAndLeaveTheOthersAlone(string network)
    {
        var mlContext = new MLContext();
        PreparedRow[] images = Images(11);
        foreach (int missing in (int[])[0, 4, 5, 10])
            Array.Fill(images[missing].Pixels, float.NaN);
        IDataView view = PreparedRow.View(mlContext, images);

        float[][] embeddings = mlContext.Transforms.EmbedImages("Features", "Pixels", Network(network), batchSize: 4).Fit(view)
            .Transform(view).Vectors("Features");

        for (int i = 0; i < images.Length; i++)
        {
            if (float.IsNaN(images[i].Pixels[0]))
                Assert.IsTrue(embeddings[i].All(float.IsNaN), $"row {i}");
            else
                AssertMeans(images[i].Pixels, embeddings[i]);
        }
    }

    [TestMethod]
    [DataRow("pixels")]
    [DataRow("fixed_batch_pixels")]
    public void Transform_AverageMirror_IsTheMeanOfBothOutputs(string network)
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        PreparedRow[] images = Images(6);
        IDataView view = PreparedRow.View(mlContext, images);
        ITransformer transformer = mlContext.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "Pixels",
                ModelFile = Network(network),
                AverageMirror = true
            }).Fit(view);
        mlContext.Model.Save(transformer, view.Schema, folder["model.zip"]);

        float[][] embeddings = transformer.Transform(view).Vectors("Features"),
            reloaded = new MLContext().Model.Load(folder["model.zip"], out _).Transform(view).Vectors("Features");

        for (int i = 0; i < images.Length; i++)
        {
            float[] pixels = images[i].Pixels, mirrored = [.. pixels.Chunk(8).SelectMany(row => row.Reverse())];
            CollectionAssert.AreEqual(pixels.Zip(mirrored, (a, b) => (a + b) / 2).ToArray(), embeddings[i]);
            CollectionAssert.AreEqual(embeddings[i], reloaded[i]);
        }
    }

    [TestMethod]
    public void Transform_NamedOutput_IsTheOneEmbedded()
    {
        var mlContext = new MLContext();
        PreparedRow[] images = Images(2);
        IDataView view = PreparedRow.View(mlContext, images);
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = Network("two_outputs"),
            ModelInputName = "input",
            ModelOutputName = "negated"
        };

        float[][] embeddings = mlContext.Transforms.EmbedImages(options).Fit(view).Transform(view).Vectors("Features");

        AssertMeans([.. images[1].Pixels.Select(p => -p)], embeddings[1]);
    }

    [TestMethod]
    public void ImageSize_FixedInput_IsThatElseTheMetadata()
    {
        var mlContext = new MLContext();
        ImageEmbeddingEstimator Embed(string file) => mlContext.Transforms.EmbedImages("Features", "Pixels", file);

        Assert.AreEqual((8, 8), (Embed(Network("fixed_size")).FixedImageSize, Embed(Network("fixed_size")).ImageSize));
        ImageEmbeddingEstimator fixedHeight = Embed(Network("fixed_height")), notSquare = Embed(Network("not_square"));
        Assert.AreEqual((8, 8, 8, null),
            (fixedHeight.FixedImageSize, fixedHeight.ImageSize, fixedHeight.FixedImageHeight, fixedHeight.FixedImageWidth));
        Assert.AreEqual((null, null, 8, 16),
            (notSquare.FixedImageSize, notSquare.ImageSize, notSquare.FixedImageHeight, notSquare.FixedImageWidth));
        Assert.AreEqual((null, 24), (Embed(Network("means")).FixedImageSize, Embed(Network("means")).ImageSize));
        Assert.AreEqual((null, 320), (Embed(TestFiles.Network).FixedImageSize, Embed(TestFiles.Network).ImageSize));
        Assert.IsNull(Embed(Network("pixels")).ImageSize);
    }

    [TestMethod]
    [DataRow("no_batch", "The network's input 'input' has the shape [3, free, free]; [batch, 3, height, width] or [batch, "
        + "height, width, 3] is needed. Export the network with these four axes.")]
    [DataRow("gray", "The network's input 'input' has the shape [free, 1, free, free]; [batch, 3, height, width] or "
        + "[batch, height, width, 3] is needed. It takes gray images, and photographs have three channels: put a layer before it that "
        + "takes their mean.")]
    [DataRow("no_shape", "The network's input 'input' has no shape; [batch, 3, height, width] or [batch, height, width, 3] is "
        + "needed. Export the network with the shape of its input.")]
    [DataRow("tokens", "The network's output 'tokens' has the shape [free, 64, 3], which is no embedding: after the batch, one axis may "
        + "be longer than 1. Say in the option Pooling how it becomes one.")]
    [DataRow("doubles", "The network's input 'input' is of type float64; a tensor of float32, float16, bfloat16 or uint8 is needed. "
        + "Export the network in float32.")]
    [DataRow("two_inputs", "The network's inputs are [left [batch, 3, height, width], right [batch, 3, height, width]]. Name one of "
        + "them in the option ModelInputName.")]
    [DataRow("two_outputs", "The network's outputs are [means [batch, 3], negated [batch, 3]]. Name one of them in the option "
        + "ModelOutputName.")]
    [DataRow("sequence", "The network's output 'parts' is of type sequence; a tensor of float32, float16, bfloat16 or uint8 is needed. "
        + "Export the network in float32.")]
    public void EmbedImages_UnfitNetwork_ThrowsAtOnce(string network, string message)
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new MLContext().Transforms.EmbedImages("Features", "Pixels", Network(network)));
        Assert.AreEqual(message, error.Message);
    }

    [TestMethod]
    public void EmbedImages_MissingFile_ThrowsAtOnce()
    {
        FileNotFoundException error =
            Assert.ThrowsExactly<FileNotFoundException>(() => new MLContext().Transforms.EmbedImages("Features", "Pixels", "missing.onnx"));
        Assert.AreEqual("The network 'missing.onnx' does not exist.", error.Message);
    }

    [TestMethod]
    public void EmbedImages_NoNetwork_ThrowsAtOnce()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("network.onnx", "no network");
        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages("Features", "Pixels", file));
        Assert.StartsWith($"'{file}' is no ONNX network that can be run: ", error.Message);
    }

    [TestMethod]
    public void EmbedImages_UnknownNodeName_ThrowsAtOnce()
    {
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = Network("means"),
            ModelOutputName = "logits"
        };
        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages(options));
        Assert.AreEqual("The network has no output 'logits'; it has [means].", error.Message);
    }

    [TestMethod]
    public void Fit_OtherSizeThanTheNetworks_ThrowsBeforeTheFirstRow()
    {
        var mlContext = new MLContext();
        IDataView view = PreparedRow.View(mlContext, Images(1, size: 9));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => mlContext.Transforms.EmbedImages("Features", "Pixels", Network("fixed_size")).Fit(view));
        Assert.StartsWith("Schema mismatch for image column 'Pixels': expected Vector<Single, 3, 8, 8>, got Vector<Single, 3, 9, 9>",
            error.Message);
    }

    [TestMethod]
    public void Fit_OutputWithoutABatchAxis_ThrowsBeforeTheFirstRow()
    {
        var mlContext = new MLContext();
        IDataView view = PreparedRow.View(mlContext, Images(2));

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(()
            => mlContext.Transforms.EmbedImages("Features", "Pixels", Network("batch_mean")).Fit(view));

        Assert.AreEqual("The network's output 'row' has 3 values for a batch where 12 are expected. Its first axis must be the batch.",
            error.Message);
    }

    [TestMethod]
    public void Fit_NetworkWithoutValues_Throws()
    {
        var mlContext = new MLContext();
        IDataView view = PreparedRow.View(mlContext, Images(1));

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(()
            => mlContext.Transforms.EmbedImages("Features", "Pixels", Network("no_values")).Fit(view));

        Assert.AreEqual("The network's output 'none' has no value for an image, of which an embedding could be made. Export the network "
            + "with an output that has.", error.Message);
    }

    [TestMethod]
    [DataRow("feature_map", "map", "1, 3, 2, 2")]
    [DataRow("tokens_unknown", "tokens", "1, 256, 3")]
    public void Fit_OutputOfSeveralAxesThatARunAloneTells_ThrowsBeforeTheFirstRow(string network, string output, string shape)
    {
        var mlContext = new MLContext();
        IDataView view = Unread(mlContext, size: 16);

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => mlContext.Transforms.EmbedImages("Features", "Pixels", Network(network))
            .Fit(view));

        Assert.AreEqual($"The network's output '{output}' has the shape [{shape}], which is no embedding: after the batch, one axis may "
            + "be longer than 1. Say in the option Pooling how it becomes one.", error.Message);
    }

    [TestMethod]
    [DataRow("tokens")]
    [DataRow("tokens_unknown")]
    public void Load_OutputOfSeveralAxesInAModelThatWasFittedBefore_StillEmbeds(string network)
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        PreparedRow[] images = Images(2);
        IDataView view = PreparedRow.View(mlContext, images);
        byte[] file = File.ReadAllBytes(Network(network));
        var settings = new EmbeddingSettings("Features", "Pixels", AverageMirror: false, [], new ImagePreparationOptions(),
            OutputPooling.None);
        var embedder = new OnnxEmbedder(file, new OnnxLog(mlContext, network), null, null, averageMirror: false, OnnxDevice.Cpu);
        using var fitted = new ImageEmbeddingTransformer(mlContext, settings, file, new Lazy<byte[]>(() => SHA256.HashData(file)), embedder,
            Lineage.Unknown, batchSize: 4);
        mlContext.Model.Save(fitted, view.Schema, folder["model.zip"]);

        float[][] embeddings = new MLContext().Model.Load(folder["model.zip"], out _).Transform(view).Vectors("Features");

        for (int i = 0; i < images.Length; i++)
            CollectionAssert.AreEqual(images[i].Pixels, embeddings[i]);
    }

    [TestMethod]
    public void Fit_OutputOfSeveralAxesOfOnePlaceEach_Embeds()
    {
        var mlContext = new MLContext();
        PreparedRow[] images = Images(1);
        IDataView view = PreparedRow.View(mlContext, images);

        AssertMeans(images[0].Pixels, mlContext.Transforms.EmbedImages("Features", "Pixels", Network("feature_map")).Fit(view)
            .Transform(view).Vectors("Features")[0]);
    }

    [TestMethod]
    public void Fit_SizeThatIsSaidToBeFreeAndIsNot_ThrowsBeforeTheFirstRow()
    {
        var mlContext = new MLContext();
        IDataView view = Unread(mlContext, size: 40);

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(()
            => mlContext.Transforms.EmbedImages("Features", "Pixels", Network("positions")).Fit(view));

        Assert.StartsWith($"'{Network("positions")}' can't be run on an image of 40 x 40 pixels. Name a size that it takes. ONNX Runtime "
            + "says: ", error.Message);
        Assert.EndsWith("5 by 8", error.Message);
        Assert.IsNotNull(mlContext.Transforms.EmbedImages("Features", "Pixels", Network("positions")).Fit(Unread(mlContext, size: 64)));
    }

    [TestMethod]
    public void EmbedImages_GpuByArgument_Throws()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => new MLContext().Transforms.EmbedImages("Features", "Pixels", Network("means"), gpuDeviceId: 99));
        StringAssert.StartsWith(error.Message, "GPU 99: ", StringComparison.Ordinal);
    }

    [TestMethod]
    public void EmbedImages_GpuByContext_Throws()
    {
        var mlContext = new MLContext { GpuDeviceId = 99, FallbackToCpu = false };
        Assert.Throws<InvalidOperationException>(() => mlContext.Transforms.EmbedImages("Features", "Pixels", Network("means")));
    }

    [TestMethod]
    public void EmbedImages_GpuWithFallback_WarnsAndTakesTheCpu()
    {
        foreach (bool byContext in (bool[])[true, false])
        {
            var mlContext = new MLContext();
            List<string> warnings = mlContext.CollectWarnings();
            if (byContext)
                (mlContext.GpuDeviceId, mlContext.FallbackToCpu) = (99, true);
            PreparedRow[] images = Images(1);
            IDataView view = PreparedRow.View(mlContext, images);

            float[][] embeddings = mlContext.Transforms.EmbedImages("Features", "Pixels", Network("means"), byContext ? null : 99,
                fallbackToCpu: !byContext)
                .Fit(view).Transform(view).Vectors("Features");

            AssertMeans(images[0].Pixels, embeddings[0]);
            string warning = Assert.ContainsSingle(warnings);
            StringAssert.StartsWith(warning, "GPU 99: ", StringComparison.Ordinal);
            StringAssert.EndsWith(warning, " The CPU takes its place.", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Fit_GpuThatFilledUpSince_ThrowsOrWarns(bool fallback)
    {
        // A stand-in that works on the CPU, once.
        int made = 0;
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = Network("means"),
            GpuDeviceId = 3,
            FallbackToCpu = fallback
        };
        var estimator = new ImageEmbeddingEstimator(mlContext, options, deviceOf: (gpu, _)
            => gpu is null || made++ == 0 ? new OnnxDevice(gpu, 1, _ => { }) : throw new GpuUnavailableException(3, "it is full.", null));
        PreparedRow[] images = Images(1);
        IDataView view = PreparedRow.View(mlContext, images);

        if (!fallback)
        {
            Assert.ThrowsExactly<GpuUnavailableException>(() => estimator.Fit(view));
            return;
        }

        using ImageEmbeddingTransformer step = estimator.Fit(view);
        AssertMeans(images[0].Pixels, step.Transform(view).Vectors("Features")[0]);
        Assert.IsNull(step.GpuDeviceId);
        Assert.AreEqual("GPU 3: it is full. The CPU takes its place.", Assert.ContainsSingle(warnings));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(3)]
    public void GpuDeviceId_FittedStep_IsWhereTheNetworkWorks(int? asked)
    {
        var mlContext = new MLContext();
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = Network("means"),
            GpuDeviceId = asked
        };
        using ImageEmbeddingTransformer step = new ImageEmbeddingEstimator(mlContext, options, deviceOf: (gpu, _)
            => new OnnxDevice(gpu, 1, _ => { })).Fit(PreparedRow.View(mlContext, Images(1)));

        Assert.AreEqual(asked, step.GpuDeviceId);
        using ImageEmbeddingTransformer copy = step.WithBadImages(BadImageHandling.Skip);
        Assert.AreEqual(asked, copy.GpuDeviceId);
    }

    [TestMethod]
    public void Load_GpuByContext_ThrowsOrWarns()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView view = PreparedRow.View(mlContext, Images(1));
        mlContext.Model.Save(mlContext.Transforms.EmbedImages("Features", "Pixels", Network("means")).Fit(view), view.Schema,
            folder["model.zip"]);

        StringAssert.StartsWith(UnavailableGpu.LoadOnto(folder["model.zip"]).Message,
            "GPU 99: the native ONNX Runtime is that for the CPU.", StringComparison.Ordinal);
        var withFallback = new MLContext { GpuDeviceId = 99, FallbackToCpu = true };
        List<string> warnings = withFallback.CollectWarnings();
        withFallback.Model.Load(folder["model.zip"], out _);

        Assert.HasCount(1, warnings);
    }

    [TestMethod]
    public void Transform_SeveralThreads_GiveTheSame()
    {
        var mlContext = new MLContext();
        PreparedRow[] images = Images(40);
        IDataView view = PreparedRow.View(mlContext, images);
        IDataView embedded = mlContext.Transforms.EmbedImages("Features", "Pixels", Network("means"), batchSize: 7).Fit(view)
            .Transform(view);
        float[][] expected = embedded.Vectors("Features");

        Parallel.For(0, 8, _ =>
        {
            float[][] embeddings = embedded.Vectors("Features");
            for (int i = 0; i < expected.Length; i++)
                CollectionAssert.AreEqual(expected[i], embeddings[i]);
        });
    }

    [TestMethod]
    public void Transform_CancelledWhileTheNetworkRuns_EndsTheRunAndNoOther()
    {
        // The network counts to so many: for a minute, and for a second.
        const float Many = 1e7f, Some = 1e5f;
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        IDataView many = PreparedRow.View(mlContext, [new PreparedRow { Pixels = [Many, .. new float[11]] }]);
        IDataView some = PreparedRow.View(mlContext, [new PreparedRow { Pixels = [Some, .. new float[11]] }]);
        using ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages("Features", "Pixels", Network("counts")).Fit(many);
        // It works with the same session.
        using ImageEmbeddingTransformer other = transformer.WithBadImages(BadImageHandling.Skip);
        using var cancellation = new CancellationTokenSource();
        transformer.CancellationToken = cancellation.Token;

        Task<float[]> counted = Task.Run(() => other.Transform(some).Vectors("Features").Single());
        Task<float[][]> cancelled = Task.Run(() => transformer.Transform(many).Vectors("Features"));
        cancellation.CancelAfter(200);

        Assert.ThrowsExactly<OperationCanceledException>(() => cancelled.GetAwaiter().GetResult());
        CollectionAssert.AreEqual((float[])[Some + Some / 4, Some, Some], counted.GetAwaiter().GetResult());
        transformer.CancellationToken = CancellationToken.None;
        CollectionAssert.AreEqual((float[])[Some + Some / 4, Some, Some], transformer.Transform(some).Vectors("Features").Single());
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Dispose_WhileTheNetworkRuns_LetsItEnd()
    {
        const float Some = 1e5f;
        var mlContext = new MLContext();
        IDataView some = PreparedRow.View(mlContext, [new PreparedRow { Pixels = [Some, .. new float[11]] }]);
        ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages("Features", "Pixels", Network("counts")).Fit(some);
        using var read = new ManualResetEventSlim();
        IDataView view = transformer.Transform(new CountingView(some, read: _ => read.Set()));

        Task<float[]> counted = Task.Run(() => view.Vectors("Features").Single());
        read.Wait();
        transformer.Dispose();

        CollectionAssert.AreEqual((float[])[Some + Some / 4, Some, Some], counted.GetAwaiter().GetResult());
        Assert.IsFalse(transformer.IsNetworkLoaded);
    }

    [TestMethod]
    public void Transform_AnyNumberOfThreads_GivesTheSameBits()
    {
        GoldenCase[] cases = GoldenCase.ReadAll();
        var mlContext = new MLContext();
        IDataView pixels = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 96)
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<PathRow>()))
            .Transform(mlContext.Data.LoadFromEnumerable(cases.Select(c => new PathRow { ImagePath = c.Path })));
        using ImageEmbeddingTransformer transformer = mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network).Fit(pixels);
        float[][] expected = transformer.Transform(pixels).Vectors("Features");

        foreach (int threads in (int[])[1, 2, 3])
        {
            transformer.MaxDegreeOfParallelism = threads;
            float[][] embeddings = transformer.Transform(pixels).Vectors("Features");
            for (int i = 0; i < expected.Length; i++)
                CollectionAssert.AreEqual(expected[i], embeddings[i]);
        }
    }

    private static string Network(string name) => TestFiles.Golden("networks", $"{name}.onnx");

    private static PreparedRow[] Images(int count, int size = 8)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count)
            .Select(_ => new PreparedRow { Pixels = [.. Enumerable.Range(0, 3 * size * size).Select(_ => random.NextSingle())] })];
    }

    // Whoever reads its rows fails.
    private static IDataView Unread(MLContext mlContext, int size)
    {
        IDataView view = PreparedRow.View(mlContext, Images(1, size));
        return mlContext.Data.FilterByCustomPredicate<PreparedRow>(view, _ => throw new AssertFailedException("A row was read."));
    }

    private static void AssertMeans(float[] pixels, float[] embedding)
    {
        Assert.HasCount(3, embedding);
        for (int channel = 0; channel < 3; channel++)
            Assert.AreEqual(pixels.Chunk(pixels.Length / 3).ElementAt(channel).Average(), embedding[channel], 1e-5f);
    }
}
