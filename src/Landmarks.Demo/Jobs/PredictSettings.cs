using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>By what queries are answered, and how.</summary>
internal sealed record PredictSettings
{
    public required string Model { get; init; }

    /// <summary>A file with the names of landmarks.</summary>
    public string? Names { get; init; }

    public BadImageHandling BadImages { get; init; } = ImagePreparingEstimator.Defaults.BadImages;
}
