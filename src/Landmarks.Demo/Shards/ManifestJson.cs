using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landmarks.Demo.Shards;

/// <summary>How manifests stand in JSON.</summary>
[JsonSerializable(typeof(EmbeddingManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    public static ManifestJson Text { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // Letters of all scripts stand there as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter<ShardKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    });
}
