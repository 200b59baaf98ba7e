using System.Globalization;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>What a query was answered with, in ML.NET's columns of predictions.</summary>
internal sealed class Answer
{
    public required string Id { get; init; }

    /// <summary>The landmark; empty, or -1 as numbers compare, where there is no answer.</summary>
    public required string PredictedLabel { get; init; }

    /// <summary>Higher is surer; NaN where there is no answer.</summary>
    public required float Score { get; init; }

    /// <summary>Whether the query shows that landmark, as the model judges; null where it has no verdict.</summary>
    [NoColumn]
    public bool? IsLandmark { get; init; }

    /// <summary>Whether there is no answer: the photograph could not be read, its embedding has no direction, or a model says that there
    /// is no landmark.</summary>
    [NoColumn]
    public bool IsMissing => float.IsNaN(Score) || string.IsNullOrWhiteSpace(PredictedLabel) || IsNonLandmark;

    private bool IsNonLandmark
        => decimal.TryParse(PredictedLabel, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal number) && number == decimal.Parse(Truth.NonLandmark, CultureInfo.InvariantCulture);
}
