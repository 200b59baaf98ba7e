using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Data;

namespace Landmarks.Demo.Data;

/// <summary>What a query was answered with, in ML.NET's columns of predictions.</summary>
internal sealed class Answer
{
    public required string Id { get; init; }

    /// <summary>The landmark; empty where there is no answer.</summary>
    public required string PredictedLabel { get; init; }

    /// <summary>Higher is surer; NaN where there is no answer.</summary>
    public required float Score { get; init; }

    /// <summary>Whether the query shows that landmark, as the model judges; null where it has no verdict.</summary>
    [NoColumn]
    public bool? IsLandmark { get; init; }

    /// <summary>Whether there is no answer: the photograph could not be read, its embedding has no direction, or a model says that there
    /// is no landmark.</summary>
    [NoColumn]
    public bool IsMissing => float.IsNaN(Score) || LandmarkName.IsNone(PredictedLabel);

    public static Answer Of(LandmarkAnswer answer) => new()
    {
        Id = answer.Id!,
        PredictedLabel = answer.Landmark ?? "",
        Score = answer is { Landmark: not null, Score: { } score } ? score : float.NaN,
        IsLandmark = answer.IsLandmark,
    };
}
