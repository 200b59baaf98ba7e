using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Landmarks.Demo.Methods;
using Microsoft.ML;

namespace Landmarks.Demo.Shards;

/// <summary>How manifests stand in JSON.</summary>
[JsonSerializable(typeof(EmbeddingManifest))]
[JsonSerializable(typeof(PenaltyManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    public static JsonSerializerOptions Text { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // Letters of all scripts stand there as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        Converters = { new Words<ShardKind>(), new Words<LandmarkMethod>() },
        TypeInfoResolver = new ManifestJson().WithAddedModifier(RequireSettings),
    };

    // What is taken where nothing is said may be another thing in another version.
    private static void RequireSettings(JsonTypeInfo type)
    {
        if (type.Type != typeof(LearningSettings))
            return;
        foreach (JsonPropertyInfo setting in type.Properties.Where(setting => setting.Set is not null))
            setting.IsRequired = true;
    }

    private sealed class Words<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
        where T : struct, Enum;
}
