namespace Microsoft.ML;

/// <summary>A fitted photograph of no landmark that is like a query.</summary>
/// <param name="Id">Its id; its position among the fitted non-landmarks, from 0, where the model knows no ids.</param>
/// <param name="Similarity">The cosine of its embedding and the query's.</param>
public sealed record NonLandmarkLikeness(string Id, float Similarity);
