using System.Globalization;

namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>Puts weights from other files into a network's message, and leaves out what is not needed for images.</summary>
/// <param name="network">What messages call the network.</param>
/// <param name="folder">Where the files are.</param>
/// <param name="images">What of the graph is kept; null for all.</param>
internal sealed class MessageRewriter(string network, WeightFolder folder, ImageGraph? images)
{
    // A value of TensorProto.DataLocation.
    private const ulong External = 1;

    /// <summary>The message of a model; null where it stays as it is.</summary>
    /// <exception cref="InvalidDataException">It is no message.</exception>
    public MessageParts? Rewrite(ReadOnlyMemory<byte> model) => Rewrite(MessageKind.Model, model, OnnxMessage.MostDepth);

    private MessageParts? Rewrite(MessageKind kind, ReadOnlyMemory<byte> message, int depth)
    {
        if (kind == MessageKind.Tensor)
            return RewriteTensor(message);
        if (depth == 0)
            throw new InvalidDataException();
        // A graph within another one needs all that it has.
        bool isWhole = images is null || kind != MessageKind.Graph || depth < OnnxMessage.MostDepth - 1, isChanged = false;
        var parts = new MessageParts();
        for (var field = new FieldReader(message); field.Read();)
        {
            MessageKind inner = InnerKind(kind, field.Number);
            if (!isWhole && !images!.Keeps(field))
                isChanged = true;
            else if (inner != MessageKind.Other && field.Content is { } content && Rewrite(inner, content, depth - 1) is { } changed)
            {
                parts.Add(field.Number, changed);
                isChanged = true;
            }
            else
                parts.Add(field.Field);
        }

        return isChanged ? parts : null;
    }

    private MessageParts? RewriteTensor(ReadOnlyMemory<byte> tensor)
    {
        bool isExternal = false;
        Dictionary<string, string> place = [];
        var parts = new MessageParts();
        for (var field = new FieldReader(tensor); field.Read();)
        {
            if (field is { Number: OnnxFields.Tensor.DataLocation, Content: null })
                isExternal = field.Value == External;
            else if (field is { Number: OnnxFields.Tensor.ExternalData, Content: { } entry })
                place[OnnxMessage.Text(OnnxMessage.First(entry, OnnxFields.StringStringEntry.Key) ?? default)]
                    = OnnxMessage.Text(OnnxMessage.First(entry, OnnxFields.StringStringEntry.Value) ?? default);
            else
                parts.Add(field.Field);
        }

        if (!isExternal)
            return null;
        string location = place.GetValueOrDefault("location", "");
        long offset = ReadNumber(location, place.GetValueOrDefault("offset", "0"));
        long? length = place.TryGetValue("length", out string? text) ? ReadNumber(location, text) : null;
        parts.Add(OnnxFields.Tensor.RawData, folder.Open(location).Range(offset, length));
        return parts;
    }

    private long ReadNumber(string location, string text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : throw Errors.NetworkUnusable(network, Errors.WeightsPlace(location, text));

    private static MessageKind InnerKind(MessageKind kind, int field) => (kind, field) switch
    {
        (MessageKind.Model, OnnxFields.Model.Graph) => MessageKind.Graph,
        (MessageKind.Model, OnnxFields.Model.Functions) => MessageKind.Function,
        (MessageKind.Graph, OnnxFields.Graph.Node) or (MessageKind.Function, OnnxFields.Function.Node) => MessageKind.Node,
        (MessageKind.Graph, OnnxFields.Graph.Initializer) => MessageKind.Tensor,
        (MessageKind.Graph, OnnxFields.Graph.SparseInitializer) => MessageKind.SparseTensor,
        (MessageKind.SparseTensor, OnnxFields.SparseTensor.Values or OnnxFields.SparseTensor.Indices) => MessageKind.Tensor,
        (MessageKind.Node, OnnxFields.Node.Attribute) => MessageKind.Attribute,
        (MessageKind.Attribute, OnnxFields.Attribute.Tensor or OnnxFields.Attribute.Tensors) => MessageKind.Tensor,
        (MessageKind.Attribute, OnnxFields.Attribute.Graph or OnnxFields.Attribute.Graphs) => MessageKind.Graph,
        (MessageKind.Attribute, OnnxFields.Attribute.SparseTensor or OnnxFields.Attribute.SparseTensors) => MessageKind.SparseTensor,
        _ => MessageKind.Other,
    };
}
