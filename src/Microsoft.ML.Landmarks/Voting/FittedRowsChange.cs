namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What becomes of the rows of a fitted step.</summary>
/// <param name="RemovedLandmarks">The numbers of landmark rows that go, rising.</param>
/// <param name="RemovedNonLandmarks">The numbers of non-landmarks that go, rising.</param>
/// <param name="Added">Rows that come after those that stay, read once; null for none.</param>
/// <param name="History">What is told of it in the model.</param>
internal sealed record FittedRowsChange(IReadOnlyList<int> RemovedLandmarks, IReadOnlyList<int> RemovedNonLandmarks, IDataView? Added,
    LandmarkChange History);
