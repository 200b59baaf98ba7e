using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What of a fitted <see cref="KnnLandmarkTransformer"/> is saved.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Gallery">Its rows; null where they are elsewhere.</param>
/// <param name="Nearest">The non-landmarks that are nearest to each landmark row; null where they are not kept.</param>
/// <param name="Lineage">What made the features of the rows.</param>
/// <param name="Changes">What was added and removed since Fit, oldest first.</param>
/// <param name="OfFit">How many of the rows are there since Fit.</param>
internal sealed record FittedLandmarks(KnnLandmarkSettings Settings, Gallery? Gallery, NearestNonLandmarks? Nearest, Lineage Lineage,
    IReadOnlyList<LandmarkChange> Changes, RowsOfFit OfFit)
{
    /// <summary>Where the rows are, if they are not part of the model.</summary>
    public ExternalRows? External { get; init; }
}
