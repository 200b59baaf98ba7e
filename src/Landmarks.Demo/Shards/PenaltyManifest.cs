using System.Text.Json;
using Landmarks.Demo.Methods;

namespace Landmarks.Demo.Shards;

/// <summary>What is known of a shard of penalties.</summary>
internal sealed record PenaltyManifest : ShardManifest
{
    /// <summary>The embeddings that they are of: <see cref="EmbeddedShards.Fingerprint"/>.</summary>
    public required string Embeddings { get; init; }

    /// <summary>How the model learns that they are found for, but for names.</summary>
    public required LearningSettings Learning { get; init; }

    /// <summary>What that calls landmarks, by their labels.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>Looks for a setting of the model that another shard is found for otherwise.</summary>
    /// <param name="other">That of the shard.</param>
    /// <returns>What it is called, what it is here and what it is there, each null for nothing; null where all are the same.</returns>
    public (string Name, string? Here, string? There)? FindOtherSetting(PenaltyManifest other)
        => FindOther(ToTexts(Learning), ToTexts(other.Learning)) ?? (FindOther(Names, other.Names) is var (label, here, there)
            ? ($"the name of {label}", here, there) : null);

    private static Dictionary<string, string> ToTexts(LearningSettings settings)
        => JsonSerializer.SerializeToNode(settings, ManifestJson.Text)!.AsObject()
            .Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key, setting => $"{setting.Value}");

    private static (string Key, string? Here, string? There)? FindOther(
        IReadOnlyDictionary<string, string> here, IReadOnlyDictionary<string, string> there)
        => here.Keys.Union(there.Keys).Select(key => (Key: key, Here: here.GetValueOrDefault(key), There: there.GetValueOrDefault(key)))
            .Where(value => value.Here != value.There).Select(value => ((string, string?, string?)?)value).FirstOrDefault();
}
