using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Reports;

/// <summary>How results stand in JSON.</summary>
[JsonSerializable(typeof(LandmarkAnswer))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(LandmarkModelInfo))]
[JsonSerializable(typeof(NetworkDescription))]
[JsonSerializable(typeof(LandmarkIndexInfo))]
[JsonSerializable(typeof(LandmarkIndexCheck))]
[JsonSerializable(typeof(LandmarkRecall))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    // Letters of all scripts stand there as they are; what could end a line does not.
    public static ResultJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new Words<LandmarkFindingKind>(), new Words<LandmarkMethod>(), new Words<BadImageHandling>(), new Words<ImageFit>(),
            new Words<ImageRounding>(), new Words<ImageResampling>(), new Words<EmbeddingPoolingKind>(), new Words<DecodeScaling>(),
        },
    });

    // As the command line writes them: whitened-tuned.
    private sealed class Words<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
        where T : struct, Enum;
}
