using System.Text.Json.Serialization;

namespace Landmarks.Demo.Serving;

/// <summary>What of requests and of answers beside those of <see cref="Reports.ResultJson"/> is JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(JsonPhotograph))]
[JsonSerializable(typeof(JsonPhotograph[]))]
internal sealed partial class ServingJson : JsonSerializerContext
{
    /// <summary>Names as they are on the web.</summary>
    public static ServingJson Web => Default;
}
