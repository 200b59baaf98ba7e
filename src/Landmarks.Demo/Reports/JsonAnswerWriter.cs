using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>Writes answers as JSON Lines: an object on each line, in UTF-8, with null for what there is none of.</summary>
internal sealed partial class JsonAnswerWriter(Stream stream) : IAnswerWriter
{
    // Letters of all scripts stand there as they are; what could end a line does not.
    private static readonly AnswerContext s_context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });

    private readonly ArrayBufferWriter<byte> _line = new();

    public void Write(LandmarkAnswer answer)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(json, answer, s_context.LandmarkAnswer);
        _line.Write("\n"u8);
        stream.Write(_line.WrittenSpan);
        stream.Flush();
    }

    [JsonSerializable(typeof(LandmarkAnswer))]
    private sealed partial class AnswerContext : JsonSerializerContext;
}
