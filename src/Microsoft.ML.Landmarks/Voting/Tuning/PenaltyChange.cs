
namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>What becomes of a training row's penalty when one non-landmark that counts in it is left out.</summary>
/// <param name="Row">The training row.</param>
/// <param name="Similarity">Its cosine to the non-landmark.</param>
/// <param name="Penalty">Its penalty without the non-landmark.</param>
internal readonly record struct PenaltyChange(int Row, double Similarity, double Penalty);
