using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>What becomes of the shards in a folder.</summary>
internal sealed record MergeSettings
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The zip file of the model, without its rows where they go into an index; null for none.</summary>
    public string? OutputFile { get; init; }

    /// <summary>The index that gets the rows; null where they stay in the zip file.</summary>
    public string? Index { get; init; }

    /// <summary>Who may use the index, where it is made.</summary>
    public LandmarkIndexRoles Roles { get; init; } = new();

    /// <summary>The GPU that searches; null for the CPU.</summary>
    public int? Gpu { get; init; }

    public bool FallbackToCpu { get; init; }
}
