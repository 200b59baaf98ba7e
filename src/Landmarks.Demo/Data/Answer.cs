using Microsoft.ML.Data;

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

    /// <summary>Whether there is no answer, since the photograph could not be read, or its embedding has no direction.</summary>
    [NoColumn]
    public bool IsMissing => float.IsNaN(Score);
}
