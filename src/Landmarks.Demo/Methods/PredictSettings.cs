using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>By what queries are answered, and how.</summary>
internal sealed record PredictSettings
{
    public required string Model { get; init; }

    /// <summary>A file with the names of landmarks.</summary>
    public string? Names { get; init; }

    /// <summary>What becomes of a photograph that can't be read; null: the others are answered, and the exit code says that something
    /// failed.</summary>
    public BadImageHandling? BadImages { get; init; }

    /// <summary>The most pixels of a photograph; null: what the model says.</summary>
    public int? MaxPixels { get; init; }
}
