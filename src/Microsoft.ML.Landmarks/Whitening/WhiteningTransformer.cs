using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Whitening;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Whitens features. Fitted by <see cref="WhiteningEstimator"/>.</summary>
public sealed class WhiteningTransformer : BatchTransformer
{
    internal const string LoaderName = "LandmarkWhitening";

    private readonly string _outputColumnName, _inputColumnName;
    private readonly Fingerprint _fingerprint;

    internal WhiteningTransformer(
        IHostEnvironment env, string outputColumnName, string inputColumnName, WhiteningProjection projection, Lineage lineage,
        StepOptions? options = null)
        : base(env, options)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        Projection = projection;
        Lineage = lineage;
        _fingerprint = new Fingerprint(writer =>
        {
            writer.Write(WhiteningFormat.Format.Signature);
            projection.WriteTo(writer);
            lineage.WriteTo(writer);
        });
    }

    internal WhiteningProjection Projection { get; }

    internal override int BatchSize { get; set; } = 256;

    private protected override ModelFormat SavedFormat => WhiteningFormat.Format;

    private protected override Lineage Lineage { get; }

    private protected override IReadOnlyList<string> InputColumnNames => [_inputColumnName];

    internal static WhiteningTransformer Load(IHostEnvironment env, ModelReader model)
    {
        (string output, string input, WhiteningProjection projection, Lineage lineage) = WhiteningFormat.Read(model);
        return new WhiteningTransformer(env, output, input, projection, lineage);
    }

    private protected override void SaveValues(ModelWriter model)
        => WhiteningFormat.Write(model, _outputColumnName, _inputColumnName, Projection, Lineage);

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        FeatureReader.GetColumn(inputSchema, _inputColumnName, Projection.InputDimension);
        return [new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, Projection.OutputDimension),
            _fingerprint.ToAnnotations())];
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(input.Schema, _inputColumnName, Projection.InputDimension);
        return new WhiteningKernel(Projection, new FeatureReader(input, features), capacity);
    }
}
