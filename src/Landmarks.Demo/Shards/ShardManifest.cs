using System.Text.Json.Serialization;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Shards;

/// <summary>What stands beside the file of a shard, written when that is whole and in its place: without it there is no shard.</summary>
internal abstract record ShardManifest
{
    /// <summary>The newest <see cref="Format"/>, which this program writes.</summary>
    public const int NewestFormat = 1;

    // Before those of either kind.
    private const int First = -1;

    /// <summary>The layout of this and of the file.</summary>
    [JsonPropertyOrder(First)]
    public int Format { get; init; } = NewestFormat;

    [JsonPropertyOrder(First)]
    public required ShardKind Kind { get; init; }

    /// <summary>Which of the shards, from 1.</summary>
    [JsonPropertyOrder(First)]
    public required int Shard { get; init; }

    /// <summary>How many there are.</summary>
    [JsonPropertyOrder(First)]
    public required int Shards { get; init; }

    /// <summary>Both.</summary>
    [JsonIgnore]
    public LandmarkShard Place => new(Shard, Shards);

    /// <summary>How many rows the file has.</summary>
    [JsonPropertyOrder(First)]
    public required long Rows { get; init; }

    /// <summary>The length of the file.</summary>
    [JsonPropertyOrder(First)]
    public long Bytes { get; init; }

    /// <summary>The SHA-256 of the file, in hexadecimal.</summary>
    [JsonPropertyOrder(First)]
    public string Checksum { get; init; } = "";

    /// <summary>The version of the program.</summary>
    [JsonPropertyOrder(First)]
    public string Version { get; init; } = typeof(ShardManifest).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>The name of a value that none can have; null where there is none.</summary>
    public virtual string? FindOutOfRange()
        => Format < 1 ? NameOf(nameof(Format)) : Rows < 0 ? NameOf(nameof(Rows)) : Bytes < 0 ? NameOf(nameof(Bytes)) : null;

    /// <summary>How a value is called in JSON.</summary>
    protected static string NameOf(string property) => ManifestJson.Text.PropertyNamingPolicy!.ConvertName(property);
}
