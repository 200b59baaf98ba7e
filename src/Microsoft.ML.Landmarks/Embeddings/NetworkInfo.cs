using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>What an ONNX network says of itself: one input [batch, 3, height, width] and one output [batch, …], both Single.</summary>
/// <param name="InputName">The input's name.</param>
/// <param name="OutputName">The output's name.</param>
/// <param name="BatchSize">The batch size of a network that takes no other; null where it is free.</param>
/// <param name="Height">The height of an input that takes no other; null where it is free.</param>
/// <param name="Width">The width of an input that takes no other; null where it is free.</param>
/// <param name="OutputShape">The output's axes, the batch first, -1 for one that is free; empty where only a run tells.</param>
/// <param name="OtherOutputs">The network's outputs besides.</param>
/// <param name="PreferredImageSize">The metadata entry <c>image_size</c>.</param>
internal sealed record NetworkInfo(
    string InputName, string OutputName, int? BatchSize, int? Height, int? Width, int[] OutputShape, string[] OtherOutputs,
    int? PreferredImageSize)
{
    private const int Channels = 3;

    /// <summary>Values in the output of one image; null where only a run tells.</summary>
    public int? Dimension { get; }
        = OutputShape.Length > 1 && OutputShape[1..].All(IsFixed) ? OutputShape[1..].Aggregate((a, b) => checked(a * b)) : null;

    /// <exception cref="InvalidOperationException">The network is not of that form.</exception>
    public static NetworkInfo Of(InferenceSession session, string? inputName, string? outputName)
    {
        string input = Choose("input", inputName, session.InputMetadata);
        string output = Choose("output", outputName, session.OutputMetadata);
        int[] inputShape = ShapeOf(session.InputMetadata[input], "input", input);
        int[] outputShape = ShapeOf(session.OutputMetadata[output], "output", output);
        if (inputShape.Length != 4 || (inputShape[1] != Channels && (IsFixed(inputShape[1]) || inputShape[3] == Channels)))
            throw Errors.NetworkInput(input, inputShape);
        if (outputShape.Length == 1)
            throw Errors.NetworkOutput(output, outputShape);
        return new NetworkInfo(input, output, Fixed(inputShape[0]), Fixed(inputShape[2]), Fixed(inputShape[3]),
            outputShape, [.. session.OutputMetadata.Keys.Where(name => name != output)],
            session.ModelMetadata.CustomMetadataMap.TryGetValue("image_size", out string? text) && int.TryParse(text, out int size)
                && size > 0 ? size : null);
    }

    /// <summary>Refuses an output that is more than one row of values for each image, as the tokens of a transformer are.</summary>
    /// <param name="shape">The output's axes, the batch first.</param>
    /// <exception cref="InvalidOperationException">Several axes are longer than one.</exception>
    public void RequireEmbedding(int[] shape)
    {
        if (shape.Skip(1).Count(length => length > 1) > 1)
            throw Errors.NetworkOutputAxes(OutputName, shape, OtherOutputs);
    }

    private static string Choose(string what, string? name, IReadOnlyDictionary<string, NodeMetadata> nodes)
    {
        if (name is null)
            return nodes.Count == 1 ? nodes.Keys.Single() : throw Errors.NetworkNodes(what, nodes.Keys);
        return nodes.ContainsKey(name) ? name : throw Errors.NetworkNodeMissing(what, name, nodes.Keys);
    }

    private static int[] ShapeOf(NodeMetadata node, string what, string name)
        => node is { OnnxValueType: OnnxValueType.ONNX_TYPE_TENSOR, ElementDataType: TensorElementType.Float }
            ? node.Dimensions
            : throw Errors.NetworkNodeType(what, name, node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? node.ElementDataType.ToString() : node.OnnxValueType.ToString());

    private static bool IsFixed(int length) => length > 0;

    private static int? Fixed(int length) => IsFixed(length) ? length : null;
}
