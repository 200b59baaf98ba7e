namespace Microsoft.ML.Landmarks.Tests.Conformance;

[TestClass]
public sealed class ImagePreparingEstimatorTests : EstimatorConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = 12,
            ApplyOrientation = false,
            BadImages = BadImageHandling.Skip,
            Mean = [0.1f, 0.2f, 0.3f],
            Std = [0.4f, 0.5f, 0.6f],
            Fit = ImageFit.PadCenter,
            ShorterSideTo = 15,
            SideMultiple = 4,
            Rounding = ImageRounding.Torchvision,
            Resampling = ImageResampling.PillowLanczos,
            Bgr = true,
            DecodeScaling = DecodeScaling.Fast,
            ConvertToSrgb = true,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });

    private protected override IDataView Input(MLContext mlContext)
        => mlContext.Data.LoadFromEnumerable(GoldenCase.ReadAll().Select(c => c.Path).Append("missing.jpg")
        .Select(path => new PathRow { ImagePath = path }));

    private protected override IEnumerable<(string Message, IDataView View, bool IsRefusedByFitAlone)> WrongInputs(MLContext mlContext)
    {
        yield return ("Could not find image column 'ImagePath'", mlContext.Data.LoadFromEnumerable([new { Path = "a.jpg" }]), false);
        yield return ("Schema mismatch for image column 'ImagePath': expected String (a path), Vector<Byte> (a file) or MLImage, got "
            + "Single",
            mlContext.Data.LoadFromEnumerable([new { ImagePath = 1f }]), false);
        yield return ("Schema mismatch for image column 'ImagePath': expected String (a path), Vector<Byte> (a file) or MLImage, got "
            + "Vector<Int32> of variable size",
            mlContext.Data.LoadFromEnumerable([new { ImagePath = new[] { 1, 2 } }]), false);
    }
}
