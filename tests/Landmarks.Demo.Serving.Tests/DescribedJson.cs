using System.Text.Json;
using System.Text.Json.Nodes;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>Compares JSON with what an OpenAPI document says of it, by those words of JSON Schema that ASP.NET Core uses there.</summary>
internal static class DescribedJson
{
    /// <summary>Where a value is not as described; null where it is.</summary>
    public static string? Deviation(JsonNode document, JsonNode schema, JsonNode? value, string place)
    {
        if ((string?)schema["$ref"] is { } reference)
            return Deviation(document, reference[2..].Split('/').Aggregate(document, (node, name) => node[name]!), value, place);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            return choices.Any(choice => Deviation(document, choice!, value, place) is null) ? null
                : $"{place}: {value?.ToJsonString()} is none of {choices.ToJsonString()}";
        }

        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
            return $"{place}: {value?.ToJsonString()} is none of {words.ToJsonString()}";
        string[] types = schema["type"] is JsonArray several ? [.. several.Select(type => (string)type!)]
            : schema["type"] is { } one ? [(string)one!] : [];
        // What may be both is described more loosely than it is written.
        if (types.Contains("string") && (types.Contains("number") || types.Contains("integer")) && schema["enum"] is null)
            return $"{place}: a number is described as text";
        if (types.Length > 0 && !TypesOf(value).Intersect(types).Any())
            return $"{place}: {value?.ToJsonString()} is no {string.Join(" or ", types)}";
        return value switch
        {
            JsonArray items when schema["items"] is { } item
                => items.Select((each, i) => Deviation(document, item, each, $"{place}[{i}]")).FirstOrDefault(found => found is not null),
            JsonObject members when schema["properties"] is JsonObject properties
                => (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name))
                    .Select(name => $"{place}.{name} is missing").Concat(members.Select(member => properties[member.Key] is { } property
                        ? Deviation(document, property, member.Value, $"{place}.{member.Key}") : $"{place}.{member.Key} is not described"))
                    .FirstOrDefault(found => found is not null),
            _ => null,
        };
    }

    private static string[] TypesOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => ["null"],
        JsonValueKind.Number => value.AsValue().TryGetValue(out long _) ? ["integer", "number"] : ["number"],
        JsonValueKind.True or JsonValueKind.False => ["boolean"],
        { } kind => [kind.ToString().ToLowerInvariant()],
    };
}
