namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>A row that folds learn from.</summary>
/// <param name="Features">[d], as they were read.</param>
/// <param name="Label">Its label as text; null for a non-landmark.</param>
/// <param name="Id">Its id; null where rows have none.</param>
internal sealed record FoldRow(float[] Features, string? Label, string? Id);
