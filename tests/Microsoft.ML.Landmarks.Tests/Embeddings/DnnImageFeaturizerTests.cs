using System.Numerics.Tensors;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Embeddings;

/// <summary>ML.NET's own network for photographs, ResNet18 of Microsoft.ML.DnnImageFeaturizer, asked by its step and by ours.</summary>
[TestClass]
public sealed class DnnImageFeaturizerTests
{
    private const int Side = 224;

    private static readonly string s_network = TestFiles.DnnImageModel("ResNet18Onnx", "ResNet18.onnx"),
        s_preprocessing = TestFiles.DnnImageModel("ResNetPrepOnnx", "ResNetPreprocess.onnx");

    private readonly MLContext _mlContext = new();

    /// <summary>Its own first network exchanges red and blue, and subtracts the mean of ImageNet's pictures, place by place.</summary>
    [TestMethod]
    public void EmbedImages_PixelsOfItsOwnPreprocessing_EqualsDnnFeaturizeImage()
    {
        // Levels from 0 to 255.
        var levels = new ImagePreparingEstimator.Options
        {
            OutputColumnName = "OriginalInput",
            InputColumnName = "ImagePath",
            ImageSize = Side,
            Mean = [0, 0, 0],
            Std = [1 / 255f, 1 / 255f, 1 / 255f],
        };

        IDataView rows = Transform(_mlContext.Transforms.PrepareImages(levels)
            .Append(_mlContext.Transforms.DnnFeaturizeImage("Theirs", model => model.ModelSelector.ResNet18(
                _mlContext, model.OutputColumn, model.InputColumn, TestFiles.DnnImageModel()), "OriginalInput"))
            .Append(_mlContext.Transforms.ApplyOnnxModel("PreprocessedInput", "OriginalInput", s_preprocessing))
            .Append(_mlContext.Transforms.EmbedImages("Ours", "PreprocessedInput", s_network)));

        float[][] theirs = rows.Vectors("Theirs"), ours = rows.Vectors("Ours");
        Assert.HasCount(512, ours[0]);
        for (int i = 0; i < theirs.Length; i++)
            // The same operators; ONNX Runtime fuses them alike, whoever asks.
            CollectionAssert.AreEqual(theirs[i], ours[i]);
    }

    /// <summary>What the README of the networks shows, beside ML.NET's own steps from the file on: the difference is that of a mean of
    /// ImageNet's pictures from their mean at each place, since pictures of 224 x 224 pixels are resized by neither.</summary>
    [TestMethod]
    public void EmbedPhotographs_AsTheReadmeShows_IsNearlyDnnFeaturizeImage()
    {
        using var folder = new TemporaryFolder();
        string[] pictures = [.. Photographs().Select(path => WritePicture(path, folder[Path.GetFileName(path) + ".png"]))];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(pictures.Select(path => new PathRow { ImagePath = path }));

        float[][] theirs = _mlContext.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(_mlContext.Transforms.ResizeImages("Image", Side, Side))
            .Append(_mlContext.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(_mlContext.Transforms.DnnFeaturizeImage("Features", model => model.ModelSelector.ResNet18(
                _mlContext, model.OutputColumn, model.InputColumn, TestFiles.DnnImageModel()), "Pixels"))
            .Fit(rows).Transform(rows).Vectors("Features");
        float[][] ours = _mlContext.Transforms.EmbedPhotographs(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = s_network,
            Preparation = new() { Bgr = true, Mean = [0.483f, 0.4545f, 0.4042f], Std = [1 / 255f, 1 / 255f, 1 / 255f] },
        }).Fit(rows).Transform(rows).Vectors("Features");

        for (int i = 0; i < pictures.Length; i++)
            Assert.IsGreaterThan(0.999, TensorPrimitives.CosineSimilarity(theirs[i], ours[i]), pictures[i]);
    }

    private static string WritePicture(string photograph, string file)
    {
        using SKBitmap bitmap = SKBitmap.Decode(photograph), picture = bitmap.Resize(new SKImageInfo(Side, Side), SKFilterQuality.High);
        using SKData png = picture.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(file, png.ToArray());
        return file;
    }

    private static IEnumerable<string> Photographs() => ((string[])["square_*.jpg", "landscape_*.jpg"])
        .SelectMany(name => Directory.EnumerateFiles(TestFiles.Golden("images"), name));

    private IDataView Transform(IEstimator<ITransformer> steps)
    {
        IDataView photographs = _mlContext.Data.LoadFromEnumerable(Photographs().Select(path => new PathRow { ImagePath = path }));
        return steps.Fit(photographs).Transform(photographs);
    }
}
