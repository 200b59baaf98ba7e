using Microsoft.ML.Landmarks.Embeddings.Pooling;
using Microsoft.ML.Landmarks.Embeddings.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>
/// What an ONNX network says of itself: one input [batch, 3, height, width] or [batch, height, width, 3], and the output [batch, …] that is
/// used.
/// </summary>
/// <param name="InputName">The input's name.</param>
/// <param name="InputKind">The type of the input's values.</param>
/// <param name="IsChannelsLast">Whether the channels are the input's last axis.</param>
/// <param name="OutputName">The output's name.</param>
/// <param name="OutputKind">The type of the output's values.</param>
/// <param name="BatchSize">The batch size of a network that takes no other; null where it is free.</param>
/// <param name="Height">The height of an input that takes no other; null where it is free.</param>
/// <param name="Width">The width of an input that takes no other; null where it is free.</param>
/// <param name="OutputShape">The output's axes, the batch first, -1 for one that is free; empty where only a run tells.</param>
/// <param name="Inputs">The network's inputs.</param>
/// <param name="Outputs">The network's outputs.</param>
/// <param name="PreferredImageSize">The metadata entry <c>image_size</c>.</param>
internal sealed record NetworkInfo(
    string InputName, TensorKind InputKind, bool IsChannelsLast, string OutputName, TensorKind OutputKind, int? BatchSize, int? Height,
    int? Width, int[] OutputShape, IReadOnlyList<NetworkTensor> Inputs, IReadOnlyList<NetworkTensor> Outputs, int? PreferredImageSize)
{
    private const int Channels = 3;

    // What exporters call the embedding, the one that was trained to be compared first.
    private static readonly string[] s_embeddings = ["image_embeds", "pooler_output", "image_features", "embedding", "embeddings"];

    /// <summary>The network's outputs besides.</summary>
    public string[] OtherOutputs => [.. Outputs.Select(output => output.Name).Where(name => name != OutputName)];

    /// <summary>Axes of what it makes of one image; null where only a run tells.</summary>
    public int[]? ImageShape { get; } = OutputShape.Length > 1 && OutputShape[1..].All(IsFixed) ? OutputShape[1..] : null;

    /// <param name="session">A session of the network.</param>
    /// <param name="inputName">The input's name; null for the only one.</param>
    /// <param name="outputName">The output's name; null for the one that is the embedding by its name or its axes.</param>
    /// <param name="isPooled">Whether that has to be made of an output of several axes.</param>
    /// <exception cref="InvalidOperationException">The network is not of that form.</exception>
    public static NetworkInfo Of(InferenceSession session, string? inputName, string? outputName, bool isPooled)
    {
        string input = Named("input", inputName, session.InputMetadata) ?? Only("input", session.InputMetadata);
        string output = Named("output", outputName, session.OutputMetadata) ?? FindOutput(session.OutputMetadata, isPooled);
        NodeMetadata from = session.InputMetadata[input], to = session.OutputMetadata[output];
        (TensorKind inputKind, TensorKind outputKind) = (KindOf(from, "input", input), KindOf(to, "output", output));
        int[] shape = from.Dimensions, outputShape = to.Dimensions;
        bool isLast = shape is [_, not Channels, _, Channels];
        if (shape.Length != 4 || (!isLast && shape[1] != Channels && IsFixed(shape[1])))
            throw Errors.NetworkInput(input, shape);
        if (outputShape.Length == 1)
            throw Errors.NetworkOutput(output, outputShape);
        return new NetworkInfo(input, inputKind, isLast, output, outputKind, Fixed(shape[0]), Fixed(shape[isLast ? 1 : 2]),
            Fixed(shape[isLast ? 2 : 3]), outputShape, Describe(session.InputMetadata), Describe(session.OutputMetadata),
            session.ModelMetadata.CustomMetadataMap.TryGetValue("image_size", out string? text) && int.TryParse(text, out int size)
                && size > 0 ? size : null);
    }

    private static string? Named(string what, string? name, IReadOnlyDictionary<string, NodeMetadata> nodes)
        => name is null || nodes.ContainsKey(name) ? name : throw Errors.NetworkNodeMissing(what, name, nodes.Keys);

    private static string Only(string what, IReadOnlyDictionary<string, NodeMetadata> nodes)
        => nodes.Count == 1 ? nodes.Keys.Single() : throw Several(what, nodes);

    private static InvalidOperationException Several(string what, IReadOnlyDictionary<string, NodeMetadata> nodes)
        => Errors.NetworkNodes(what, Describe(nodes).Select(node => $"{node.Name} [{string.Join(", ", node.Axes)}]"));

    private static string FindOutput(IReadOnlyDictionary<string, NodeMetadata> outputs, bool isPooled)
    {
        if (outputs.Count == 1)
            return outputs.Keys.Single();
        string? tokens = outputs.ContainsKey(PoolingFinder.TokensName) ? PoolingFinder.TokensName : null;
        string[] maps = OfAxes(3, 4), rows = OfAxes(2);
        // What pooling is for comes first where that was asked for.
        return (isPooled ? tokens ?? Single(maps) : null) ?? Array.Find(s_embeddings, outputs.ContainsKey) ?? Single(rows)
            ?? (rows.Length == 0 ? tokens : null) ?? throw Several("output", outputs);

        string[] OfAxes(params int[] counts) => [.. outputs
            .Where(output => IsTensor(output.Value) && counts.Contains(output.Value.Dimensions.Length)).Select(output => output.Key)];

        static string? Single(string[] names) => names.Length == 1 ? names[0] : null;
    }

    private static TensorKind KindOf(NodeMetadata node, string what, string name)
        => (IsTensor(node) ? node.ElementDataType : TensorElementType.DataTypeMax) switch
        {
            TensorElementType.Float => TensorKind.Single,
            TensorElementType.Float16 => TensorKind.Half,
            TensorElementType.BFloat16 => TensorKind.BFloat16,
            TensorElementType.UInt8 => TensorKind.Byte,
            _ => throw Errors.NetworkNodeType(what, name, TypeOf(node)),
        };

    private static string TypeOf(NodeMetadata node) => !IsTensor(node) ? KindOf(node.OnnxValueType) : node.ElementDataType switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        var type => type.ToString().ToLowerInvariant(),
    };

    // As ONNX_TYPE_SEQUENCE.
    private static string KindOf(OnnxValueType type) => type.ToString().Split('_')[^1].ToLowerInvariant();

    private static NetworkTensor[] Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) => [.. nodes.Select(node => new NetworkTensor
    {
        Name = node.Key,
        Type = TypeOf(node.Value),
        Shape = [.. (IsTensor(node.Value) ? node.Value.Dimensions : []).Select(Fixed)],
        AxisNames = IsTensor(node.Value) ? node.Value.SymbolicDimensions : [],
    })];

    private static bool IsTensor(NodeMetadata node) => node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR;

    private static bool IsFixed(int length) => length > 0;

    private static int? Fixed(int length) => IsFixed(length) ? length : null;
}
