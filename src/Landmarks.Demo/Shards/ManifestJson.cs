using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Landmarks.Demo.Shards;

/// <summary>How manifests stand in JSON.</summary>
[JsonSerializable(typeof(EmbeddingManifest))]
[JsonSerializable(typeof(PenaltyManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    public static ManifestJson Text { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // Letters of all scripts stand there as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Converters = { new Words<ShardKind>(), new Words<LandmarkMethod>() },
    });

    private sealed class Words<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
        where T : struct, Enum;
}
