using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>What KnnLandmark must do, however it is set.</summary>
public abstract class KnnLandmarkConformance : EstimatorConformance
{
    private const int Dimension = 9;

    private protected override long RowsToldByFit(BatchTransformer fitted) => ((KnnLandmarkTransformer)fitted).LandmarkRowCount;

    private protected override IDataView Input(MLContext mlContext)
    {
        LabeledRow[] rows = FeatureView.Random(50, Dimension, seed: 11);
        rows[8].Features[3] = float.NaN;
        return FeatureView.Create(mlContext, rows, Dimension);
    }

    private protected override IEnumerable<(string Message, IDataView View, bool IsRefusedByFitAlone)> WrongInputs(MLContext mlContext)
    {
        yield return ("Could not find feature column 'Features'", mlContext.Data.LoadFromEnumerable([new { Id = "a", Label = 1 }]), false);
        yield return ("Schema mismatch for feature column 'Features': expected Vector<Single> of known size, got Vector<Single> of "
            + "variable size",
            mlContext.Data.LoadFromEnumerable([new { Id = "a", Label = 1, Features = new[] { 1f } }]), true);
        yield return ("Schema mismatch for feature column 'Features': expected Vector<Single> of known size, got Single",
            mlContext.Data.LoadFromEnumerable([new { Id = "a", Label = 1, Features = 1f }]), true);
        yield return ("Could not find label column 'Label'", FeaturesWith(mlContext, new NoLabel()), true);
        yield return ("Schema mismatch for label column 'Label': expected Int32, Int64, String or Key, got Single",
            FeaturesWith(mlContext, new SingleLabel()), true);
        yield return ("Could not find id column 'Id'", FeaturesWith(mlContext, new NoId()), true);
        yield return ("Schema mismatch for id column 'Id': expected String, got Int32", FeaturesWith(mlContext, new NumberId()), true);
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

    private static IDataView FeaturesWith<T>(MLContext mlContext, T row) where T : class
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(T));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        return mlContext.Data.LoadFromEnumerable([row], definition);
    }

    private sealed class NoLabel
    {
        public string Id { get; set; } = "a";

        public float[] Features { get; set; } = new float[Dimension];
    }

    private sealed class SingleLabel
    {
        public string Id { get; set; } = "a";

        public float Label { get; set; }

        public float[] Features { get; set; } = new float[Dimension];
    }

    private sealed class NoId
    {
        public int Label { get; set; }

        public float[] Features { get; set; } = new float[Dimension];
    }

    private sealed class NumberId
    {
        public int Id { get; set; }

        public int Label { get; set; }

        public float[] Features { get; set; } = new float[Dimension];
    }
}
