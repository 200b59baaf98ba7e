namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>What one node of a graph reads and makes.</summary>
/// <param name="Inputs">The names of what it reads, those that its inner graphs may read among them.</param>
/// <param name="Outputs">The names of what it makes.</param>
internal sealed record GraphNode(HashSet<string> Inputs, HashSet<string> Outputs)
{
    /// <exception cref="InvalidDataException">It is no message.</exception>
    public static GraphNode Read(ReadOnlyMemory<byte> message)
    {
        var node = new GraphNode([], []);
        node.Add(message, OnnxMessage.MostDepth, isInner: false);
        return node;
    }

    private void Add(ReadOnlyMemory<byte> message, int depth, bool isInner)
    {
        for (var field = new FieldReader(message); field.Read();)
        {
            if (field.Content is not { } content)
                continue;
            // An empty name is an optional input or output that is left out.
            if (field.Number == OnnxFields.Node.Input && content.Length > 0)
                Inputs.Add(OnnxMessage.Text(content));
            else if (field.Number == OnnxFields.Node.Output && content.Length > 0 && !isInner)
                Outputs.Add(OnnxMessage.Text(content));
            else if (field.Number == OnnxFields.Node.Attribute)
                AddInnerGraphs(content, depth);
        }
    }

    private void AddInnerGraphs(ReadOnlyMemory<byte> attribute, int depth)
    {
        if (depth == 0)
            throw new InvalidDataException();
        for (var field = new FieldReader(attribute); field.Read();)
        {
            if (field is not { Number: OnnxFields.Attribute.Graph or OnnxFields.Attribute.Graphs, Content: { } graph })
                continue;
            OnnxMessage.ForEach(graph, OnnxFields.Graph.Node, node => Add(node, depth - 1, isInner: true));
            // What comes from outside may be an output at once.
            OnnxMessage.ForEach(graph, OnnxFields.Graph.Output, output => Inputs.Add(GraphValue.Read(output).Name));
        }
    }
}
