using System.Text;

namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>What several readers of messages need.</summary>
internal static class OnnxMessage
{
    /// <summary>The most graphs within one another; protobuf's readers allow 100 messages.</summary>
    public const int MostDepth = 30;

    public static string Text(ReadOnlyMemory<byte> content) => Encoding.UTF8.GetString(content.Span);

    /// <summary>Does something for each value of a field, that is a message or a text.</summary>
    /// <exception cref="InvalidDataException">It is no message.</exception>
    public static void ForEach(ReadOnlyMemory<byte> message, int number, Action<ReadOnlyMemory<byte>> action)
    {
        for (var field = new FieldReader(message); field.Read();)
        {
            if (field.Number == number && field.Content is { } content)
                action(content);
        }
    }

    /// <summary>The first value of such a field; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is no message.</exception>
    public static ReadOnlyMemory<byte>? First(ReadOnlyMemory<byte> message, int number)
    {
        for (var field = new FieldReader(message); field.Read();)
        {
            if (field.Number == number && field.Content is { } content)
                return content;
        }

        return null;
    }
}
