using System.Text.Json.Serialization;

namespace Landmarks.Demo.Serving;

/// <summary>A photograph that is sent in JSON.</summary>
/// <param name="Id">What its answer calls it.</param>
/// <param name="Image">The bytes of its file, in base64, which may stand in a data URL.</param>
internal sealed record JsonPhotograph(string? Id, [property: JsonConverter(typeof(Base64Converter))] byte[]? Image);
