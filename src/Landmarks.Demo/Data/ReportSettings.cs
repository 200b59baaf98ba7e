namespace Landmarks.Demo.Data;

/// <summary>Where a report goes, and what it shows.</summary>
internal sealed record ReportSettings
{
    public const int DefaultCards = 200;

    /// <summary>The page.</summary>
    public required string File { get; init; }

    /// <summary>How many photographs are shown at most.</summary>
    public int Cards { get; init; } = DefaultCards;

    /// <summary>The folder of its pictures; null where they are in the page.</summary>
    public string? PicturesFolder { get; init; }

    /// <summary>Where photographs are looked for that the model was fitted to.</summary>
    public IReadOnlyList<string> ReferenceFolders { get; init; } = [];
}
