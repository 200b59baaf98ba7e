namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>What one node of a graph reads and makes.</summary>
/// <param name="Inputs">The names of what it reads, those that its inner graphs may read among them.</param>
/// <param name="Outputs">The names of what it makes.</param>
internal sealed record GraphNode(HashSet<string> Inputs, HashSet<string> Outputs)
{
    // NodeProto, AttributeProto and GraphProto.
    private const int InputField = 1, OutputField = 2, AttributeField = 5, GraphField = 6, GraphsField = 11, NodeField = 1,
        GraphOutputField = 12;

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
            if (field.Number == InputField && content.Length > 0)
                Inputs.Add(OnnxMessage.Text(content));
            else if (field.Number == OutputField && content.Length > 0 && !isInner)
                Outputs.Add(OnnxMessage.Text(content));
            else if (field.Number == AttributeField)
                AddInnerGraphs(content, depth);
        }
    }

    private void AddInnerGraphs(ReadOnlyMemory<byte> attribute, int depth)
    {
        if (depth == 0)
            throw new InvalidDataException();
        for (var field = new FieldReader(attribute); field.Read();)
        {
            if (field is not { Number: GraphField or GraphsField, Content: { } graph })
                continue;
            OnnxMessage.ForEach(graph, NodeField, node => Add(node, depth - 1, isInner: true));
            // What comes from outside may be an output at once.
            OnnxMessage.ForEach(graph, GraphOutputField, output => Inputs.Add(GraphValue.Read(output).Name));
        }
    }
}
