using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Conformance;

[TestClass]
public sealed class WhiteningEstimatorTests : EstimatorConformance
{
    private const int Dimension = 9;

    private protected override IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings)
        => mlContext.Transforms.WhitenFeatures(new WhiteningEstimator.Options
        {
            OutputColumnName = "Whitened",
            InputColumnName = "Features",
            Dimension = 5,
            Exponent = 0.7f,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism,
            CancellationToken = settings.CancellationToken,
            Progress = settings.Progress,
        });

    private protected override long RowsToldByFit(BatchTransformer fitted) => 50;

    private protected override IDataView Input(MLContext mlContext)
    {
        LabeledRow[] rows = FeatureView.Random(50, Dimension, seed: 11);
        rows[8].Features[3] = float.NaN;
        return FeatureView.Create(mlContext, rows, Dimension);
    }

    private protected override IEnumerable<(string Message, IDataView View, bool IsRefusedByFitAlone)> WrongInputs(MLContext mlContext)
    {
        yield return ("Could not find feature column 'Features'", mlContext.Data.LoadFromEnumerable([new { Id = "a" }]), false);
        yield return ("Schema mismatch for feature column 'Features': expected Vector<Single> of known size, got Vector<Single> of "
            + "variable size",
            mlContext.Data.LoadFromEnumerable([new { Features = new[] { 1f } }]), true);
        yield return ("Schema mismatch for feature column 'Features': expected Vector<Single> of known size, got Single",
            mlContext.Data.LoadFromEnumerable([new { Features = 1f }]), true);
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(10)]
    public void Transform_OtherDimension_IsRefused(int dimension)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext), other = FeatureView.Create(mlContext, FeatureView.Random(3, dimension, seed: 1), dimension);
        BatchTransformer transformer = Create(mlContext).Fit(input);

        foreach (ITransformer step in (ITransformer[])[transformer, Reload(mlContext, transformer, input.Schema)])
        {
            ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => step.Transform(other));
            Assert.StartsWith($"Schema mismatch for feature column 'Features': expected Vector<Single, 9>, got Vector<Single, {dimension}>",
                error.Message);
        }
    }
}
