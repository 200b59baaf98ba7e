using System.Text.Json.Serialization;

namespace Landmarks.Demo.Shards;

/// <summary>What is known of a shard of embeddings.</summary>
internal sealed record EmbeddingManifest : ShardManifest
{
    // Of either kind: more than a model can have.
    private const long MostPhotographs = 1L << 32;

    /// <summary>That of the network, the preparation, the pooling and the sizes, as the library makes it of the column.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The SHA-256 of the ids and labels of all photographs in order, those of other shards too.</summary>
    public required string List { get; init; }

    /// <summary>How many of all photographs show a landmark.</summary>
    public required long LandmarkRows { get; init; }

    /// <summary>How many of all photographs show none.</summary>
    public required long NonLandmarkRows { get; init; }

    /// <summary>How many photographs there are, those of other shards too.</summary>
    [JsonIgnore]
    public long Photographs => LandmarkRows + NonLandmarkRows;

    /// <summary>What there is to say of the photographs, in words; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>How many values an embedding has.</summary>
    public required int Dimension { get; init; }

    /// <summary>How many rows of the file have no embedding, since their photograph could not be read.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Whether a fit would be one with --best.</summary>
    public required bool Best { get; init; }

    /// <summary>How much photographs of a landmark learn from each other in a fit; 0 for nothing.</summary>
    public required double Smoothing { get; init; }

    /// <summary>The version of ONNX Runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary>The instructions of the processor, by which last bits may differ; or that it was a GPU.</summary>
    public required string Processor { get; init; }

    public override string? FindOutOfRange()
        => LandmarkRows is < 0 or > MostPhotographs ? NameOf(nameof(LandmarkRows))
            : NonLandmarkRows is < 0 or > MostPhotographs ? NameOf(nameof(NonLandmarkRows))
            : Dimension < 1 ? NameOf(nameof(Dimension))
            : base.FindOutOfRange();
}
