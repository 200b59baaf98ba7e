using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>How a model learns from embeddings: all that changes what it becomes, beside the embeddings.</summary>
internal sealed record LearningSettings
{
    /// <summary>The <see cref="Smoothing"/> of --best. Measured on three sets, which Results/methods.md in the benchmark project tells
    /// of.</summary>
    public const double BestSmoothing = 0.25;

    public int Neighbors { get; init; } = KnnLandmarkEstimator.Defaults.NumberOfNeighbors;

    public int TrainPenaltyNeighbors { get; init; } = KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors;

    public int QueryPenaltyNeighbors { get; init; } = KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors;

    /// <summary>How much photographs of a landmark learn from each other; 0 for nothing.</summary>
    public double Smoothing { get; init; }

    /// <summary>Whether by the plain method, which has no verdict.</summary>
    public bool IsPlain { get; init; }

    /// <summary>What the plain method multiplies the penalties of reference photographs by; another method learns that.</summary>
    public double TrainPenaltyWeight { get; init; } = KnnLandmarkEstimator.Defaults.TrainingPenaltyWeight;

    /// <summary>Likewise the penalty of a query.</summary>
    public double QueryPenaltyWeight { get; init; } = KnnLandmarkEstimator.Defaults.QueryPenaltyWeight;

    /// <summary>The exponent of the plain method's votes; another method learns that.</summary>
    public double SimilarityExponent { get; init; } = KnnLandmarkEstimator.Defaults.SimilarityExponent;

    /// <summary>Reference photographs that the plain method averages a query with.</summary>
    public int QueryExpansion { get; init; } = KnnLandmarkEstimator.Defaults.QueryExpansion;

    /// <summary>The method, where it is not <see cref="IsPlain"/>; null for the one that suits the photographs.</summary>
    public LandmarkMethod? Method { get; init; }

    /// <summary>The share of photographs of no landmark that may be answered.</summary>
    public double FalseAlarmRate { get; init; } = LandmarkRecognizingEstimator.Defaults.FalseAlarmRate;

    /// <summary>How surely that is to hold for the very model; null: in the mean over all models.</summary>
    public double? FalseAlarmConfidence { get; init; }

    /// <summary>The share of photographs of landmarks that the model does not know that may be answered; null: any.</summary>
    public double? UnknownLandmarkRate { get; init; }

    /// <summary>Reads the landmarks' names, as Label and Name; null for none.</summary>
    [JsonIgnore]
    public Func<MLContext, IDataView>? OpenNames { get; init; }
}
