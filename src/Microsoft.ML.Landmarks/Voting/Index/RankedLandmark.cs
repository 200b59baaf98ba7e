namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>A landmark for which neighbors voted.</summary>
/// <param name="Landmark">Its number.</param>
/// <param name="Nearest">The place of its best neighbor among all, from 0.</param>
/// <param name="Votes">The sum of its neighbors' votes.</param>
internal readonly record struct RankedLandmark(int Landmark, int Nearest, double Votes);
