using Microsoft.ML.Landmarks.Labels;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>A photograph of the training data or a query.</summary>
internal readonly record struct LandmarkRow(string Id, LandmarkLabel Label, string ImagePath);
