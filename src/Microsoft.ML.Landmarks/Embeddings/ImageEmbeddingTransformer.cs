using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Turns prepared images into embeddings by an ONNX network. Fitted by <see cref="ImageEmbeddingEstimator"/>.</summary>
public sealed class ImageEmbeddingTransformer : BatchTransformer
{
    internal const string LoaderName = "LandmarkImageEmbedding";
    internal static readonly ModelFormat Format = new("LMEMBEDS", LoaderName, Version: 1, OldestReadable: 1);

    private const string NetworkEntry = "Network.onnx";

    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly byte[] _network;
    private readonly OnnxEmbedder _embedder;
    private readonly bool _averageMirror;

    /// <param name="env">The environment.</param>
    /// <param name="outputColumnName">The added column.</param>
    /// <param name="inputColumnName">The column with the images.</param>
    /// <param name="network">The bytes of the ONNX file, which a saved model carries.</param>
    /// <param name="embedder">The network; disposed with the transformer.</param>
    /// <param name="averageMirror">What the network was made with.</param>
    /// <param name="batchSize">Rows at once.</param>
    internal ImageEmbeddingTransformer(IHostEnvironment env, string outputColumnName, string inputColumnName, byte[] network, OnnxEmbedder embedder, bool averageMirror, int batchSize) : base(env)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _network = network;
        _embedder = embedder;
        _averageMirror = averageMirror;
        BatchSize = batchSize;
    }

    internal override int BatchSize { get; set; }

    private protected override ModelFormat SavedFormat => Format;

    private protected override IReadOnlyList<string> InputColumnNames => [_inputColumnName];

    internal static string InputType(int? height, int? width)
        => $"Vector<Single, 3, {height?.ToString() ?? "height"}, {width?.ToString() ?? "width"}>";

    internal static ImageEmbeddingTransformer Load(IHostEnvironment env, ModelReader model)
    {
        string outputColumnName = model.ReadString(), inputColumnName = model.ReadString();
        string inputName = model.ReadString(), outputName = model.ReadString();
        bool averageMirror = model.ReadBoolean();
        byte[] network = model.ReadEntry<byte>(NetworkEntry, model.ReadInt32("the network's length", 1));
        Device.RequireCpu(env, gpuDeviceId: null, fallbackToCpu: false);
        var embedder = new OnnxEmbedder(network, "The network in the model", inputName, outputName, averageMirror);
        return new ImageEmbeddingTransformer(env, outputColumnName, inputColumnName, network, embedder, averageMirror, ImageEmbeddingEstimator.Defaults.BatchSize);
    }

    private protected override void SaveValues(ModelWriter model)
    {
        model.Write(_outputColumnName);
        model.Write(_inputColumnName);
        model.Write(_embedder.Info.InputName);
        model.Write(_embedder.Info.OutputName);
        model.Write(_averageMirror);
        model.Write(_network.Length);
        model.WriteEntry<byte>(NetworkEntry, _network);
    }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        (int height, int width) = GetImageSize(inputSchema);
        return [new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, _embedder.GetDimension(height, width)))];
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
    {
        (int height, int width) = GetImageSize(input.Schema);
        return new ImageEmbeddingKernel(_embedder, input, input.Schema[_inputColumnName], height, width, capacity);
    }

    private protected override void Dispose(bool disposing)
    {
        if (disposing)
            _embedder.Dispose();
        base.Dispose(disposing);
    }

    private (int Height, int Width) GetImageSize(DataViewSchema schema)
    {
        NetworkInfo info = _embedder.Info;
        DataViewSchema.Column column = schema.GetColumn("image", _inputColumnName);
        if (column.Type is VectorDataViewType { Dimensions: [3, > 0 and var height, > 0 and var width] } vector
            && vector.ItemType == NumberDataViewType.Single
            && height == (info.Height ?? height) && width == (info.Width ?? width))
            return (height, width);
        throw Errors.ColumnType("image", column.Name, InputType(info.Height, info.Width), column.Type.Describe());
    }
}
