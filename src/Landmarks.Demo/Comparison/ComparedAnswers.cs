using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>What a method answered.</summary>
/// <param name="Method">Its name.</param>
/// <param name="ImageSize">Side of the images in pixels; several, by +, where the mean of their embeddings is taken.</param>
/// <param name="Answers">The columns that a model adds, kept in memory.</param>
/// <param name="FalseAlarmRate">The share of photographs of no landmark that may be answered; null where there are no verdicts.</param>
/// <param name="UnknownLandmarkRate">Likewise of photographs of landmarks that it does not know; null where that has no part in
/// verdicts.</param>
/// <param name="Known">Rows whose labels are the landmarks that it knows; null where these are those of the training data.</param>
internal sealed record ComparedAnswers(string Method, string ImageSize, IDataView Answers, double? FalseAlarmRate,
    double? UnknownLandmarkRate, IDataView? Known = null)
{
    /// <summary>Whether they are those of a model that was given, and not fitted here.</summary>
    public bool IsGiven => Known is not null;

    /// <summary>The columns that answers are measured by; a model without verdicts has but the first three.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["Id", "PredictedLabel", "Score", "IsLandmark", "FalseAlarmProbability", "UnknownLandmarkProbability"];
}
