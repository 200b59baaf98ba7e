namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>An input or output of a graph, as its file describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its axes, -1 for one that is free; empty where the file does not tell, or where it is no tensor.</param>
internal sealed record GraphValue(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>Whether it may be a batch of images of three channels.</summary>
    public bool MayBeImages => Shape is [_, 3, _, _] or [_, _, _, 3];

    /// <exception cref="InvalidDataException">It is no message.</exception>
    public static GraphValue Read(ReadOnlyMemory<byte> message)
    {
        string name = "";
        List<long> shape = [];
        for (var value = new FieldReader(message); value.Read();)
        {
            if (value is { Number: OnnxFields.ValueInfo.Name, Content: { } text })
                name = OnnxMessage.Text(text);
            else if (value is { Number: OnnxFields.ValueInfo.Type, Content: { } type })
            {
                OnnxMessage.ForEach(type, OnnxFields.ValueInfo.TensorType, tensor => OnnxMessage.ForEach(tensor, OnnxFields.ValueInfo.Shape,
                    axes => OnnxMessage.ForEach(axes, OnnxFields.ValueInfo.Dimension, axis => shape.Add(LengthOf(axis)))));
            }
        }

        return new GraphValue(name, shape);
    }

    private static long LengthOf(ReadOnlyMemory<byte> axis)
    {
        for (var field = new FieldReader(axis); field.Read();)
        {
            if (field is { Number: OnnxFields.ValueInfo.DimensionValue, Content: null, Value: > 0 and <= int.MaxValue })
                return (long)field.Value;
        }

        return -1;
    }
}
