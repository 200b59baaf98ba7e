using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landmarks.Demo.Serving;

/// <summary>Reads bytes in base64, also where they stand in a data URL, as browsers make them of files.</summary>
internal sealed class Base64Converter : JsonConverter<byte[]>
{
    private static ReadOnlySpan<byte> Scheme => "data:"u8;

    private static ReadOnlySpan<byte> Head => ";base64,"u8;

    /// <exception cref="JsonException">It is no base64, which the one inside of it says.</exception>
    /// <inheritdoc/>
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String || !reader.ValueSpan.StartsWith(Scheme))
            return reader.GetBytesFromBase64();
        byte[] url = new byte[reader.ValueSpan.Length];
        Span<byte> text = url.AsSpan(0, reader.CopyString(url));
        int head = text.IndexOf(Head);
        Span<byte> base64 = head < 0 ? [] : text[(head + Head.Length)..];
        return Base64.DecodeFromUtf8InPlace(base64, out int length) is OperationStatus.Done && head >= 0
            ? base64[..length].ToArray() : throw new JsonException(message: null, new FormatException());
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value);
}
