namespace Microsoft.ML;

/// <summary>A training photograph that voted.</summary>
/// <param name="Id">Its id; its position among the fitted landmark rows, from 0, where the model knows no ids.</param>
/// <param name="Landmark">The label of what it shows, as text.</param>
/// <param name="Similarity">The cosine of its embedding and the query's: <paramref name="Score"/> + <paramref name="Penalty"/>.</param>
/// <param name="Penalty">What was taken off for its likeness to photographs of no landmark, weighted.</param>
/// <param name="Score">What it voted with, before the exponent of votes.</param>
public sealed record VotingNeighbor(string Id, string Landmark, float Similarity, float Penalty, float Score);
