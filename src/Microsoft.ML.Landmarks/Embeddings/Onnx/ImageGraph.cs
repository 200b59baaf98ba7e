namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>
/// The part of a graph that needs nothing but images. A network of images and texts is published as one graph with inputs for both, all of
/// which ONNX Runtime would ask for and compute with, though what is made of the images needs no text.
/// </summary>
internal sealed class ImageGraph
{
    private const string UsualName = "pixel_values";

    // Of inputs, of the weights in use, and of what is made by the nodes that are kept.
    private readonly HashSet<string> _values;
    private readonly HashSet<string> _outputs;

    private ImageGraph(HashSet<string> outputs, HashSet<string> values, string[] leftOut)
        => (_outputs, _values, LeftOut) = (outputs, values, leftOut);

    /// <summary>The inputs and outputs that are not kept.</summary>
    public string[] LeftOut { get; }

    /// <summary>What is kept of a graph; null where that is all, since it has one input, or where it is not clear which input takes the
    /// images.</summary>
    /// <param name="graph">The graph's message.</param>
    /// <param name="network">What messages call the network.</param>
    /// <param name="inputName">The input that takes the images; null: the one that does by its name or its shape.</param>
    /// <param name="outputName">The output that is needed; null: all that need images alone.</param>
    /// <exception cref="InvalidOperationException">The output needs another input, or each output does.</exception>
    /// <exception cref="InvalidDataException">It is no graph.</exception>
    public static ImageGraph? Of(ReadOnlyMemory<byte> graph, string network, string? inputName, string? outputName)
    {
        // Of older formats weights are inputs too.
        HashSet<string> weights = [];
        OnnxMessage.ForEach(graph, OnnxFields.Graph.Initializer, tensor =>
        {
            if (OnnxMessage.First(tensor, OnnxFields.Tensor.Name) is { } name)
                weights.Add(OnnxMessage.Text(name));
        });
        List<GraphValue> inputs = Values(graph, OnnxFields.Graph.Input).FindAll(value => !weights.Contains(value.Name)),
            outputs = Values(graph, OnnxFields.Graph.Output);
        if (inputs.Count < 2 || FindImages(inputs, inputName) is not { } images)
            return null;
        List<GraphNode> nodes = [];
        OnnxMessage.ForEach(graph, OnnxFields.Graph.Node, node => nodes.Add(GraphNode.Read(node)));

        // Which other input a value depends on. Nodes stand in order.
        Dictionary<string, string> others = inputs.Where(value => value != images).ToDictionary(value => value.Name, value => value.Name);
        foreach (GraphNode node in nodes)
        {
            if (node.Inputs.FirstOrDefault(others.ContainsKey) is not { } other)
                continue;
            foreach (string made in node.Outputs)
                others[made] = others[other];
        }

        HashSet<string> kept = [.. outputs.Select(value => value.Name).Where(name => !others.ContainsKey(name))];
        if (outputName is not null && others.TryGetValue(outputName, out string? needed))
            throw Errors.NetworkNeedsInput(network, needed);
        if (kept.Count == 0 && outputs.Count > 0)
            throw Errors.NetworkNeedsInput(network, others[outputs[0].Name]);
        HashSet<string> values = [images.Name, .. kept];
        foreach (GraphNode node in Enumerable.Reverse(nodes).Where(node => node.Outputs.Overlaps(values)))
            values.UnionWith(node.Inputs);
        return new ImageGraph(kept, values,
            [.. inputs.Concat(outputs).Select(value => value.Name).Where(others.ContainsKey)]);
    }

    /// <summary>Whether a field of the graph is kept.</summary>
    /// <exception cref="InvalidDataException">It is no field of a graph.</exception>
    public bool Keeps(FieldReader field) => field.Content is not { } content || field.Number switch
    {
        OnnxFields.Graph.Node => GraphNode.Read(content).Outputs.Overlaps(_values),
        OnnxFields.Graph.Initializer
            => OnnxMessage.First(content, OnnxFields.Tensor.Name) is { } name && _values.Contains(OnnxMessage.Text(name)),
        OnnxFields.Graph.Input => _values.Contains(GraphValue.Read(content).Name),
        OnnxFields.Graph.Output => _outputs.Contains(GraphValue.Read(content).Name),
        _ => true,
    };

    private static GraphValue? FindImages(List<GraphValue> inputs, string? name)
    {
        GraphValue? named = inputs.Find(value => value.Name == (name ?? UsualName));
        if (named is not null || name is not null)
            return named;
        List<GraphValue> images = inputs.FindAll(value => value.MayBeImages);
        return images.Count == 1 ? images[0] : null;
    }

    private static List<GraphValue> Values(ReadOnlyMemory<byte> graph, int field)
    {
        List<GraphValue> values = [];
        OnnxMessage.ForEach(graph, field, value => values.Add(GraphValue.Read(value)));
        return values;
    }
}
