using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>How many of a step's rows are there since Fit: the first of each kind. The others came since.</summary>
/// <param name="Landmarks">Of the landmark rows.</param>
/// <param name="NonLandmarks">Of the non-landmarks.</param>
internal readonly record struct RowsOfFit(int Landmarks, int NonLandmarks)
{
    /// <summary>Those that are left after a change.</summary>
    public RowsOfFit After(RowChange landmarks, RowChange nonLandmarks)
        => new(landmarks.CountKept(Landmarks), nonLandmarks.CountKept(NonLandmarks));
}
