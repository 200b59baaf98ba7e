using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Conformance;

[TestClass]
public sealed class ImageEmbeddingEstimatorTests : EstimatorConformance
{
    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = TestFiles.Golden("networks", "fixed_size.onnx"),
            BatchSize = 3,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });

    private protected override IDataView Input(MLContext mlContext) => View(mlContext, 8, 8);

    private protected override IEnumerable<(string Message, IDataView View, bool IsRefusedByFitAlone)> WrongInputs(MLContext mlContext)
    {
        yield return ("Could not find image column 'Pixels'", mlContext.Data.LoadFromEnumerable([new { Path = "a.jpg" }]), false);
        yield return ("Schema mismatch for image column 'Pixels': expected Vector<Single, 3, 8, 8>, got Vector<Single, 3, 8, 9>",
            View(mlContext, 8, 9), false);
        yield return ("Schema mismatch for image column 'Pixels': expected Vector<Single, 3, 8, 8>, got Vector<Single> of variable size",
            mlContext.Data.LoadFromEnumerable([new { Pixels = new[] { 1f, 2f } }]), false);
        yield return ("Schema mismatch for image column 'Pixels': expected Vector<Single, 3, 8, 8>, got Single",
            mlContext.Data.LoadFromEnumerable([new { Pixels = 1f }]), false);
    }

    private static IDataView View(MLContext mlContext, int height, int width)
    {
        var random = new Random(1);
        SchemaDefinition definition = SchemaDefinition.Create(typeof(ImageRow));
        definition["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, height, width);
        return mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, 25).Select(i
            => new ImageRow
            {
                Pixels = [.. Enumerable.Range(0, 3 * height * width)
            .Select(_ => i == 4 ? float.NaN : random.NextSingle())]
            }).ToArray(), definition);
    }

    private sealed class ImageRow
    {
        public float[] Pixels { get; set; } = [];
    }
}
