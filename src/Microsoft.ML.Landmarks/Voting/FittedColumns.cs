namespace Microsoft.ML.Landmarks.Voting;

/// <summary>The columns of rows that are fitted, and how those that show no landmark are told.</summary>
/// <param name="Features">A vector of Single.</param>
/// <param name="Label">Int32, Int64, text or key.</param>
/// <param name="Id">Text; null where rows are named by position.</param>
/// <param name="NonLandmarkLabel">The label of a non-landmark, as text.</param>
internal sealed record FittedColumns(string Features, string Label, string? Id, string NonLandmarkLabel);
