namespace Microsoft.ML.Landmarks.Tests.Conformance;

[TestClass]
public sealed class PhotographEmbeddingEstimatorTests : EstimatorConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.EmbedPhotographs(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = TestFiles.Golden("networks", "means.onnx"),
            ImageSizes = [12, 20],
            Preparation = new ImagePreparationOptions
            {
                ApplyOrientation = false,
                BadImages = BadImageHandling.Skip,
                Fit = ImageFit.Squash,
                ShorterSideTo = 15,
                Rounding = ImageRounding.Transformers,
                Resampling = ImageResampling.OpenCvArea,
                Bgr = true,
                DecodeScaling = DecodeScaling.Fast,
                ConvertToSrgb = true,
            },
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });

    private protected override IDataView Input(MLContext mlContext)
        => mlContext.Data.LoadFromEnumerable(
            GoldenCase.ReadAll().Select(c => c.Path).Append("missing.jpg").Select(path => new PathRow { ImagePath = path }));

    private protected override IEnumerable<(string Message, IDataView View, bool IsRefusedByFitAlone)> WrongInputs(MLContext mlContext)
    {
        yield return ("Could not find image column 'ImagePath'", mlContext.Data.LoadFromEnumerable([new { Path = "a.jpg" }]), false);
        yield return ("Schema mismatch for image column 'ImagePath': expected String (a path), Vector<Byte> (a file) or MLImage, got "
            + "Single",
            mlContext.Data.LoadFromEnumerable([new { ImagePath = 1f }]), false);
    }
}
