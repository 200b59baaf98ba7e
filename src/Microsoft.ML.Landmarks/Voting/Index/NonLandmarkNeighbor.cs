using Microsoft.ML.Landmarks.Search;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>A non-landmark that is near a row or a query.</summary>
/// <param name="Row">Its number among the non-landmarks, from 0.</param>
/// <param name="Cosine">Higher is nearer.</param>
internal readonly record struct NonLandmarkNeighbor(long Row, double Cosine)
{
    /// <summary>What an engine of the non-landmarks found.</summary>
    public static void Of(ReadOnlySpan<Neighbor> found, Span<NonLandmarkNeighbor> neighbors)
    {
        for (int i = 0; i < found.Length; i++)
            neighbors[i] = new NonLandmarkNeighbor(found[i].Row, found[i].Score);
    }
}
