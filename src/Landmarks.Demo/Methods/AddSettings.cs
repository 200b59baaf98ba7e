using Landmarks.Demo.Caching;
using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>What is added to a model, and how.</summary>
internal sealed record AddSettings
{
    /// <summary>The model's zip file.</summary>
    public required string Model { get; init; }

    /// <summary>Reads which photographs there are.</summary>
    public required Func<MLContext, CancellationToken, TrainingData> OpenData { get; init; }

    /// <summary>The files that are read, but for photographs and the model.</summary>
    public IReadOnlyList<string> InputFiles { get; init; } = [];

    /// <summary>The file of names of landmarks; null for none.</summary>
    public string? Names { get; init; }

    /// <summary>Whether photographs whose ids the model has take the place of those.</summary>
    public bool Replaces { get; init; }

    /// <summary>What becomes of a photograph that can't be read.</summary>
    public BadImageHandling BadImages { get; init; }

    /// <summary>The most pixels of a photograph; null: what the model says.</summary>
    public int? MaxPixels { get; init; }

    public int? Gpu { get; init; }

    public bool FallbackToCpu { get; init; }

    /// <summary>Where embeddings are kept; null for nowhere.</summary>
    public CacheSettings? Cache { get; init; }
}
