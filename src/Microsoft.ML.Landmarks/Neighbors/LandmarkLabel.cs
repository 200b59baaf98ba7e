namespace Microsoft.ML.Landmarks;

/// <summary>The label of a landmark: a text, or a number (the number of a key where labels are keys).</summary>
internal readonly record struct LandmarkLabel(long Number, string? Text);
