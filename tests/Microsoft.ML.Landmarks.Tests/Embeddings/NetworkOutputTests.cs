using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Tests.Embeddings;

/// <summary>Networks that take and make other things than one row of single precision from images with channels first.</summary>
[TestClass]
public sealed class NetworkOutputTests
{
    private const int Size = 8, Patches = 16, Channels = 12;

    // Rounding to half precision and to the upper half of single precision, of values from 0 to 255.
    private const float ToleranceOfHalf = 0.0626f, ToleranceOfBFloat16 = 0.501f;

    [TestMethod]
    [DataRow("halves", ToleranceOfHalf)]
    [DataRow("bfloats", ToleranceOfBFloat16)]
    [DataRow("levels", 0f)]
    [DataRow("halves_nhwc", ToleranceOfHalf)]
    [DataRow("bfloats_nhwc", ToleranceOfBFloat16)]
    [DataRow("levels_nhwc", 0f)]
    [DataRow("pixels_nhwc", 0f)]
    public void Transform_OtherTypesAndLayouts_GetTheSamePixels(string network, float tolerance)
    {
        float[][] images = [.. Images(5).Select(image => image.Select(value => MathF.Round(value)).ToArray())];
        bool isLast = network.EndsWith("_nhwc", StringComparison.Ordinal);

        float[][] embeddings = Embed(new MLContext(), Options(network), images);

        for (int row = 0; row < images.Length; row++)
        {
            float[] expected = isLast
                ? [.. Enumerable.Range(0, images[row].Length).Select(i => images[row][i % 3 * Size * Size + i / 3])] : images[row];
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], embeddings[row][i], tolerance, $"row {row}, value {i}");
        }
    }

    [TestMethod]
    [DataRow("levels")]
    [DataRow("levels_nhwc")]
    public void Transform_AverageMirrorOfBytes_IsTheMeanOfBoth(string network)
    {
        float[] image = [.. Images(1)[0].Select(value => MathF.Round(value))];

        float[] embedding = Embed(new MLContext(), Options(network, averageMirror: true), [image])[0];

        bool isLast = network == "levels_nhwc";
        for (int i = 0; i < image.Length; i++)
        {
            int at = isLast ? i % 3 * Size * Size + i / 3 : i, mirrored = at / Size * Size + Size - 1 - at % Size;
            Assert.AreEqual((image[at] + image[mirrored]) / 2, embedding[i]);
        }
    }

    [TestMethod]
    public void Transform_NoLevelsForANetworkOfBytes_SaysHowToPrepareThem()
    {
        float[] image = [.. Images(1)[0].Select(value => MathF.Round(value))];
        image[77] = -2.5f;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Embed(new MLContext(), Options("levels"), [image]));

        Assert.AreEqual("The network's input 'input' takes bytes, and an image has the value -2.5, which is no whole number from 0 to 255. "
            + "Prepare the images with a mean of 0 and a standard deviation of 1/255.", error.Message);
    }

    [TestMethod]
    [DataRow("levels")]
    [DataRow("levels_nhwc")]
    public void EmbedPhotographs_NetworkOfBytes_GetsLevelsAsTheyAre(string network)
    {
        using var folder = new TemporaryFolder();
        string photo = TestFiles.Golden("images", "alpha.png");
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = photo }, new PathRow { ImagePath = "none.jpg" }]);
        IDataView prepared = mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = Size,
            Mean = [0, 0, 0],
            Std = [1 / 255f, 1 / 255f, 1 / 255f],
            BadImages = BadImageHandling.Skip,
        }).Fit(photos).Transform(photos);
        float[] levels = [.. prepared.Vectors("Pixels")[0].Select(value => MathF.Round(value))];
        double length = Math.Sqrt(levels.Sum(level => (double)level * level));
        ImageEmbeddingEstimator embedding = mlContext.Transforms.EmbedPhotographs(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = Network(network),
            ImageSizes = [Size],
            Preparation = new ImagePreparationOptions { BadImages = BadImageHandling.Skip },
        });
        ITransformer fitted = embedding.Fit(photos);
        mlContext.Model.Save(fitted, photos.Schema, folder["model.zip"]);

        float[][] embeddings = new MLContext().Model.Load(folder["model.zip"], out _).Transform(photos).Vectors("Features");

        CollectionAssert.AreEqual((float[])[0, 0, 0], embedding.Preparation.Mean.ToArray());
        for (int i = 0; i < levels.Length; i++)
        {
            int at = network == "levels_nhwc" ? i % 3 * Size * Size + i / 3 : i;
            Assert.AreEqual(levels[at] / length, embeddings[0][i], 1e-6);
        }

        Assert.IsTrue(embeddings[1].All(float.IsNaN));
    }

    [TestMethod]
    public void EmbedImages_NormalizationForANetworkOfBytes_Throws()
    {
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            ModelFile = Network("levels"),
            Preparation = new ImagePreparationOptions { Mean = [0.5f, 0.5f, 0.5f] },
        };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedPhotographs(options));

        Assert.AreEqual("The network's input 'input' takes bytes, which are levels from 0 to 255 as they are, and the preparation has the "
            + "mean [0.5, 0.5, 0.5] and the standard deviation [0.229, 0.224, 0.225]. Leave both at their defaults; what the network needs "
            + "beside is a part of it.", error.Message);
    }

    [TestMethod]
    // Tokens are [16, 12] of the pixels; before them so many that are the first ones, negated.
    [DataRow("tokens_0", "MeanOfPatches")]
    [DataRow("tokens_1", "Cls")]
    [DataRow("tokens_2", "Cls")]
    [DataRow("tokens_4", "MeanOfPatches, without 4 prefix tokens")]
    [DataRow("tokens_5", "Cls")]
    public void Fit_LastHiddenState_IsPooledByWhatIsFoundAndSaidSo(string network, string expected)
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        List<string> messages = [];
        mlContext.Log += (_, e) => messages.Add(e.RawMessage);
        float[][] images = Images(6);
        IDataView view = View(mlContext, images);

        using ImageEmbeddingTransformer step = mlContext.Transforms.EmbedImages(Options(network)).Fit(view);
        mlContext.Model.Save(step, view.Schema, folder["model.zip"]);
        float[][] embeddings = step.Transform(view).Vectors("Features"),
            reloaded = new MLContext().Model.Load(folder["model.zip"], out _).Transform(view).Vectors("Features");

        Assert.AreEqual(expected, $"{step.Pooling}");
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, Channels), step.GetOutputSchema(view.Schema)["Features"].Type);
        Assert.Contains(message => message.StartsWith(
            $"The network's output 'last_hidden_state' has the shape [1, {Patches + network[^1] - '0'}, 12]; its embedding is made by ",
            StringComparison.Ordinal), messages);
        for (int row = 0; row < images.Length; row++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                double mean = Enumerable.Range(0, Patches).Average(patch => (double)images[row][patch * Channels + channel]);
                Assert.AreEqual(expected == "Cls" ? -images[row][channel] : mean, embeddings[row][channel], 1e-4);
            }

            CollectionAssert.AreEqual(embeddings[row], reloaded[row]);
        }
    }

    [TestMethod]
    [DataRow("map")]
    [DataRow("map_free")]
    [DataRow("map_nhwc")]
    [DataRow("map_nhwc_free")]
    [DataRow("tokens_5")]
    public void Transform_Pooling_IsTheFormulaWhereverChannelsAre(string network)
    {
        var mlContext = new MLContext();
        float[][] images = Images(5);
        bool isLast = !network.StartsWith("map", StringComparison.Ordinal) || network.Contains("nhwc", StringComparison.Ordinal);
        foreach (EmbeddingPooling pooling in new[] { EmbeddingPooling.MeanOfPatches(), EmbeddingPooling.Max(), EmbeddingPooling.GeM(2.5) })
        {
            float[][] embeddings = Embed(mlContext, Options(network, pooling), images);

            for (int row = 0; row < images.Length; row++)
            {
                Assert.HasCount(Channels, embeddings[row]);
                for (int channel = 0; channel < Channels; channel++)
                {
                    double[] values = [.. Enumerable.Range(0, Patches)
                        .Select(place => (double)images[row][isLast ? place * Channels + channel : channel * Patches + place])];
                    double expected = pooling.Kind switch
                    {
                        EmbeddingPoolingKind.MeanOfPatches => values.Average(),
                        EmbeddingPoolingKind.Max => values.Max(),
                        _ => Math.Pow(values.Average(value => Math.Pow(Math.Max(value, 1e-6), 2.5)), 1 / 2.5),
                    };
                    Assert.AreEqual(expected, embeddings[row][channel], 1e-4, $"{pooling}");
                }
            }
        }
    }

    [TestMethod]
    public void Fit_TokensAndAPooledOutput_TakesTheLatter()
    {
        var mlContext = new MLContext();
        float[] image = Images(1)[0];
        double[] Reduce(Func<IEnumerable<float>, float> reduce) => [.. Enumerable.Range(0, Channels).Select(channel
            => (double)reduce(Enumerable.Range(0, Patches).Select(patch => image[patch * Channels + channel]).Append(-image[channel])))];

        CollectionAssert.AreEqual(Reduce(values => values.Max()), Array.ConvertAll(
            Embed(mlContext, Options("tokens_and_pooled"), [image])[0], value => (double)value));
        CollectionAssert.AreEqual(Reduce(values => values.Min()), Array.ConvertAll(
            Embed(mlContext, Options("tokens_and_row"), [image])[0], value => (double)value));
    }

    [TestMethod]
    [DataRow("tokens_and_pooled")]
    [DataRow("tokens_and_row")]
    public void Fit_PoolingAskedForBesideAPooledOutput_TakesTheTokens(string network)
    {
        float[] image = Images(1)[0];

        float[] embedding = Embed(new MLContext(), Options(network, EmbeddingPooling.Cls), [image])[0];

        CollectionAssert.AreEqual(image[..Channels].Select(value => -value).ToArray(), embedding);
    }

    [TestMethod]
    [DataRow("tokens_3", null, "The network's output 'last_hidden_state' has the shape [1, 19, 12] for an image of 8 x 8 pixels, and how "
        + "many of its tokens stand before those of the patches is not clear. Say the number of prefix tokens in the option Pooling.")]
    [DataRow("map", null, "The network's output 'map' has the shape [free, 12, 4, 4], which is no embedding: after the batch, one axis "
        + "may be longer than 1. Say in the option Pooling how it becomes one.")]
    [DataRow("map", EmbeddingPoolingKind.Cls, "The network's output 'map' has the shape [1, 12, 4, 4], and Cls needs [batch, tokens, "
        + "channels]. Say another in the option Pooling, or none.")]
    [DataRow("map_cube", EmbeddingPoolingKind.Max, "The network's output 'map' has the shape [1, 4, 4, 4], and which of its axes are the "
        + "channels is not clear. Export the network with a feature map of [batch, channels, height, width] and the number of channels in "
        + "its shape.")]
    [DataRow("means", EmbeddingPoolingKind.Cls, "The network's output 'means' has the shape [1, 3], and Cls needs [batch, tokens, "
        + "channels]. Say another in the option Pooling, or none.")]
    public void Fit_PoolingThatIsNotClear_ThrowsBeforeTheFirstRow(string network, EmbeddingPoolingKind? kind, string message)
    {
        EmbeddingPooling? pooling = kind switch
        {
            null => null,
            EmbeddingPoolingKind.Cls => EmbeddingPooling.Cls,
            _ => EmbeddingPooling.Max(),
        };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Embed(new MLContext(), Options(network, pooling), Images(1)));

        Assert.AreEqual(message, error.Message);
    }

    [TestMethod]
    public void Transform_OtherPooling_HasAnotherFingerprint()
    {
        var mlContext = new MLContext();
        IDataView view = View(mlContext, Images(1));
        string[] fingerprints = [.. new[] { null, EmbeddingPooling.Cls, EmbeddingPooling.MeanOfPatches(), EmbeddingPooling.MeanOfPatches(0),
            EmbeddingPooling.GeM(), EmbeddingPooling.GeM(4), EmbeddingPooling.Max() }.Select(pooling =>
            Fingerprint.Of(mlContext.Transforms.EmbedImages(Options("tokens_1", pooling)).Fit(view)
                .GetOutputSchema(view.Schema)["Features"])!)];

        // What is found is what may be asked for.
        Assert.AreEqual(fingerprints[0], fingerprints[1]);
        Assert.HasCount(6, fingerprints.Distinct());
    }

    private static string Network(string name) => TestFiles.Golden("networks", $"{name}.onnx");

    private static ImageEmbeddingEstimator.Options Options(string network, EmbeddingPooling? pooling = null, bool averageMirror = false)
        => new()
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = Network(network),
            Pooling = pooling,
            AverageMirror = averageMirror,
        };

    private static float[][] Images(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, 3 * Size * Size).Select(_ => random.NextSingle() * 255).ToArray())];
    }

    private static float[][] Embed(MLContext mlContext, ImageEmbeddingEstimator.Options options, float[][] images)
    {
        IDataView view = View(mlContext, images);
        using ImageEmbeddingTransformer step = mlContext.Transforms.EmbedImages(options).Fit(view);
        return step.Transform(view).Vectors("Features");
    }

    private static IDataView View(MLContext mlContext, float[][] images)
        => PreparedRow.View(mlContext, [.. images.Select(image => new PreparedRow { Pixels = image })]);
}
