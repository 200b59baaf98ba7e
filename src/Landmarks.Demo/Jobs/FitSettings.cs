using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>What a model is fitted to, and how.</summary>
internal sealed record FitSettings
{
    /// <summary>Reads which photographs there are.</summary>
    public required Func<MLContext, CancellationToken, TrainingData> OpenData { get; init; }

    public required string Network { get; init; }

    /// <summary>Sides of the images in pixels; none: what suits the network. A model is fitted to the mean of the embeddings at all of them.</summary>
    public IReadOnlyList<int> ImageSizes { get; init; } = [];

    public int Neighbors { get; init; } = KnnLandmarkEstimator.Defaults.NumberOfNeighbors;

    public int TrainPenaltyNeighbors { get; init; } = KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors;

    public int QueryPenaltyNeighbors { get; init; } = KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors;

    public BadImageHandling BadImages { get; init; } = ImagePreparingEstimator.Defaults.BadImages;

    public int? Gpu { get; init; }

    public bool FallbackToCpu { get; init; }
}
