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

    private IDataView Transform(IEstimator<ITransformer> steps)
    {
        IDataView photographs = _mlContext.Data.LoadFromEnumerable(
            Directory.EnumerateFiles(TestFiles.Golden("images"), "square_*.jpg").Concat(
                Directory.EnumerateFiles(TestFiles.Golden("images"), "landscape_*.jpg")).Select(path => new PathRow { ImagePath = path }));
        return steps.Fit(photographs).Transform(photographs);
    }
}
