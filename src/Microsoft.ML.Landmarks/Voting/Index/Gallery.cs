using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>The fitted rows: landmarks with their labels, ids and penalties, and non-landmarks.</summary>
/// <param name="Landmarks">[n, d].</param>
/// <param name="Labels">The labels of the landmark rows.</param>
/// <param name="Ids">[n], the ids of the landmark rows; null where there are none.</param>
/// <param name="Penalties">[n], the mean of each landmark row's largest cosines to non-landmarks.</param>
/// <param name="NonLandmarks">[v, d].</param>
/// <param name="NonLandmarkIds">[v], the ids of the non-landmarks; null where there are none.</param>
/// <param name="Unsmoothed">[n, d], the landmark rows before they were smoothed; null where they are as they were read.</param>
internal sealed record Gallery(
    UnitRows Landmarks, LandmarkLabels Labels, string[]? Ids, double[] Penalties, UnitRows NonLandmarks,
    string[]? NonLandmarkIds = null, UnitRows? Unsmoothed = null)
{
    /// <summary>The penalties times <paramref name="trainingPenaltyWeight"/>.</summary>
    public double[] WeightedPenalties(double trainingPenaltyWeight) => [.. Penalties.Select(penalty => trainingPenaltyWeight * penalty)];
}
