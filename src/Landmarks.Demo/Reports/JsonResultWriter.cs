using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Landmarks.Demo.Reports;

/// <summary>Writes results as JSON Lines: an object on each line, in UTF-8, with null for what there is none of.</summary>
/// <param name="stream">Left open.</param>
/// <param name="type">Of <see cref="ResultJson"/>.</param>
internal sealed class JsonResultWriter<T>(Stream stream, JsonTypeInfo<T> type) : IResultWriter<T>
{
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Write(T result)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(json, result, type);
        _line.Write("\n"u8);
        stream.Write(_line.WrittenSpan);
        stream.Flush();
    }
}
