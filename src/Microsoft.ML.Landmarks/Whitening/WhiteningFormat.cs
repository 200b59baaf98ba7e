using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Whitening;

/// <summary>The layout of a saved <see cref="WhiteningTransformer"/>: its columns, what it learned, and what made the features.</summary>
/// <remarks>Format 1 knew no fingerprints of the steps before.</remarks>
internal static class WhiteningFormat
{
    public static readonly ModelFormat Format = new("LMWHITEN", WhiteningTransformer.LoaderName, Version: 2, OldestReadable: 1);

    private const string MeanEntry = "Mean", ProjectionEntry = "Projection";

    public static (string OutputColumnName, string InputColumnName, WhiteningProjection Projection, Lineage Lineage) Read(ModelReader model)
    {
        string output = model.ReadColumnName();
        string input = model.ReadColumnName();
        WhiteningProjection projection = ReadProjection(model);
        Lineage lineage = model.Version == 1 ? Lineage.Unknown : Lineage.Load(model);
        return (output, input, projection, lineage);
    }

    public static void Write(ModelWriter model, string outputColumnName, string inputColumnName, WhiteningProjection projection,
        Lineage lineage)
    {
        model.Write(outputColumnName);
        model.Write(inputColumnName);
        WriteProjection(model, projection);
        lineage.Save(model);
    }

    public static WhiteningProjection ReadProjection(ModelReader model)
    {
        int inputDimension = model.ReadInt32("the number of input values", 1);
        double[] mean = model.ReadEntry<double>(MeanEntry, inputDimension);
        model.CheckValues(MeanEntry, mean, double.IsFinite);
        int outputDimension = model.ReadInt32("the number of output values", 1, Math.Min(mean.Length, Array.MaxLength / mean.Length));
        float[] axes = model.ReadEntry<float>(ProjectionEntry, outputDimension * mean.Length);
        model.CheckValues(ProjectionEntry, axes, float.IsFinite);
        return new WhiteningProjection(mean, axes);
    }

    public static void WriteProjection(ModelWriter model, WhiteningProjection projection)
    {
        model.Write(projection.InputDimension);
        model.WriteEntry<double>(MeanEntry, projection.Mean);
        model.Write(projection.OutputDimension);
        model.WriteEntry<float>(ProjectionEntry, projection.Axes);
    }
}
