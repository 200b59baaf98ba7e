namespace Landmarks.Demo.Methods;

/// <summary>What is removed from a model, or from an index.</summary>
internal sealed record RemoveSettings
{
    /// <summary>Labels or names of landmarks.</summary>
    public IReadOnlyList<string> Landmarks { get; init; } = [];

    /// <summary>Ids of photographs.</summary>
    public IReadOnlyList<string> Photographs { get; init; } = [];

    /// <summary>A file with more of them; null for none.</summary>
    public string? PhotographsFile { get; init; }
}
