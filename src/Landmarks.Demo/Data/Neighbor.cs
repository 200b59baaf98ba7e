namespace Landmarks.Demo.Data;

/// <summary>A training photograph that had a vote.</summary>
/// <param name="Id">Its id, or its position in the training data; empty where the model does not tell.</param>
/// <param name="Score">Its cosine to the query less its penalty; NaN where the model does not tell.</param>
internal readonly record struct Neighbor(string Id, float Score);
