namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>What is asked of an index for each query of a batch.</summary>
/// <param name="Neighbors">How many landmark rows, at least 0; all where there are fewer.</param>
/// <param name="NonLandmarks">How many non-landmarks, at least 0; all where there are fewer.</param>
/// <param name="PenaltyWeight">The factor of the rows' penalties.</param>
internal readonly record struct LandmarkRequest(int Neighbors, int NonLandmarks, double PenaltyWeight);
