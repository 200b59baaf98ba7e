namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>With all columns, of keys.</summary>
[TestClass]
public sealed class KeyedKnnLandmarkEstimatorTests : ShowingKnnLandmarkEstimatorTests
{
    private protected override IDataView Input(MLContext mlContext)
    {
        IDataView rows = base.Input(mlContext);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }
}
