using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Rows as they are read: landmarks with their labels and ids, and non-landmarks.</summary>
/// <param name="Landmarks">[n, d].</param>
/// <param name="Labels">The labels of the landmark rows.</param>
/// <param name="Ids">[n], the ids of the landmark rows; null where there are none.</param>
/// <param name="NonLandmarks">[v, d].</param>
/// <param name="NonLandmarkIds">[v], the ids of the non-landmarks; null where there are none.</param>
internal sealed record LandmarkRows(
    UnitRows Landmarks, LandmarkLabels Labels, string[]? Ids, UnitRows NonLandmarks, string[]? NonLandmarkIds);
