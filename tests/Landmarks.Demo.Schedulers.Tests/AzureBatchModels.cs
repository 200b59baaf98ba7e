using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landmarks.Demo.Schedulers.Tests;

/// <summary>
/// The types of what Azure Batch is sent, as Microsoft's SDK for Python publishes them: a generated file with a class for each, whose
/// tables name the fields, their types and which of them there must be.
/// </summary>
internal sealed partial class AzureBatchModels
{
    private readonly Dictionary<string, Dictionary<string, Field>> _classes = [];
    private readonly Dictionary<string, HashSet<string>> _enumerations = [];

    private AzureBatchModels(string models, string enumerations)
    {
        foreach (Match found in Class().Matches(models))
        {
            string body = found.Groups["body"].Value;
            HashSet<string> required = [.. Required().Matches(body).Select(field => field.Groups["name"].Value)];
            _classes[found.Groups["name"].Value] = Attribute().Matches(body).ToDictionary(field => field.Groups["key"].Value,
                field => new Field(field.Groups["type"].Value, required.Contains(field.Groups["name"].Value)));
        }

        foreach (Match found in Class().Matches(enumerations))
        {
            _enumerations[found.Groups["name"].Value] =
                [.. Value().Matches(found.Groups["body"].Value).Select(value => value.Groups["value"].Value)];
        }
    }

    /// <summary>Reads them from Debian's packages. Where they can't be had, the test is inconclusive.</summary>
    public static async Task<AzureBatchModels> LoadAsync()
    {
        const string Models = "./usr/lib/python3/dist-packages/azure/batch/models";
        // Later releases generate them in another form.
        string folder = Path.Combine(await DebianPackages.UnpackAsync("azure-batch", "--release", "bookworm", "--only", $"{Models}/*",
            "python3-azure"), Models);
        return new AzureBatchModels(await File.ReadAllTextAsync(Path.Combine(folder, "_models_py3.py")),
            await File.ReadAllTextAsync(Path.Combine(folder, "_batch_service_client_enums.py")));
    }

    /// <summary>What is wrong with a value, each with its place.</summary>
    /// <param name="type">The type that it is to have, as the tables say it.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it stands.</param>
    public IEnumerable<string> FindProblems(string type, JsonElement value, string place)
    {
        if (type.StartsWith('[') && value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().SelectMany((element, i) => FindProblems(type[1..^1], element, $"{place}[{i}]"));
        if (_classes.TryGetValue(type, out Dictionary<string, Field>? fields) && value.ValueKind == JsonValueKind.Object)
        {
            return value.EnumerateObject().SelectMany(property => fields.TryGetValue(property.Name, out Field? field)
                    ? FindProblems(field.Type, property.Value, $"{place}.{property.Name}") : [$"{place}: {type} has no {property.Name}."])
                .Concat(fields.Where(field => field.Value.IsRequired && !value.TryGetProperty(field.Key, out _))
                    .Select(field => $"{place}: {type} needs {field.Key}."));
        }

        return (type switch
        {
            "str" => value.ValueKind == JsonValueKind.String,
            "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.String && _enumerations.GetValueOrDefault(type)?.Contains(value.GetString()!) == true,
        }) ? [] : [$"{place}: {value} is no {type}."];
    }

    [GeneratedRegex(@"^class (?<name>\w+)\((Model|str, Enum)\):\n(?<body>.*?)(?=^class |\z)",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Class();

    [GeneratedRegex(@"^        '(?<name>\w+)': \{'key': '(?<key>\w+)', 'type': '(?<type>[^']+)'\},$", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^        '(?<name>\w+)': \{'required': True", RegexOptions.Multiline)]
    private static partial Regex Required();

    [GeneratedRegex("^    \\w+ = \"(?<value>\\w+)\"", RegexOptions.Multiline)]
    private static partial Regex Value();

    private sealed record Field(string Type, bool IsRequired);
}
