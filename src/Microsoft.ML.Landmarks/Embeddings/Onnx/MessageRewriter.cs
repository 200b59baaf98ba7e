using System.Globalization;

namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>Puts weights from other files into a network's message, and leaves out what is not needed for images.</summary>
/// <param name="network">What messages call the network.</param>
/// <param name="folder">Where the files are.</param>
/// <param name="images">What of the graph is kept; null for all.</param>
internal sealed class MessageRewriter(string network, WeightFolder folder, ImageGraph? images)
{
    private const int GraphField = 7, RawDataField = 9, ExternalDataField = 13, DataLocationField = 14, KeyField = 1, ValueField = 2;
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
            if (field is { Number: DataLocationField, Content: null })
                isExternal = field.Value == External;
            else if (field is { Number: ExternalDataField, Content: { } entry })
                place[OnnxMessage.Text(OnnxMessage.First(entry, KeyField) ?? default)]
                    = OnnxMessage.Text(OnnxMessage.First(entry, ValueField) ?? default);
            else
                parts.Add(field.Field);
        }

        if (!isExternal)
            return null;
        string location = place.GetValueOrDefault("location", "");
        long offset = ReadNumber(location, place.GetValueOrDefault("offset", "0"));
        long? length = place.TryGetValue("length", out string? text) ? ReadNumber(location, text) : null;
        parts.Add(RawDataField, folder.Open(location).Range(offset, length));
        return parts;
    }

    private long ReadNumber(string location, string text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : throw Errors.NetworkUnusable(network, Errors.WeightsPlace(location, text));

    private static MessageKind InnerKind(MessageKind kind, int field) => (kind, field) switch
    {
        (MessageKind.Model, GraphField) => MessageKind.Graph,
        (MessageKind.Model, 25) => MessageKind.Function,
        (MessageKind.Graph, 1) or (MessageKind.Function, 7) => MessageKind.Node,
        (MessageKind.Graph, 5) => MessageKind.Tensor,
        (MessageKind.Graph, 15) => MessageKind.SparseTensor,
        (MessageKind.SparseTensor, 1 or 2) => MessageKind.Tensor,
        (MessageKind.Node, 5) => MessageKind.Attribute,
        (MessageKind.Attribute, 5 or 10) => MessageKind.Tensor,
        (MessageKind.Attribute, 6 or 11) => MessageKind.Graph,
        (MessageKind.Attribute, 22 or 23) => MessageKind.SparseTensor,
        _ => MessageKind.Other,
    };
}
