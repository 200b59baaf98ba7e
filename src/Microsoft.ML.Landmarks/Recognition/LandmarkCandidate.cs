namespace Microsoft.ML;

/// <summary>One of the best landmarks for a photograph.</summary>
/// <param name="Landmark">Its label as text.</param>
/// <param name="Name">Its name; its label where no name is known.</param>
/// <param name="Score">The sum of its votes; the score of its best row where it has no vote.</param>
public sealed record LandmarkCandidate(string Landmark, string Name, float Score);
