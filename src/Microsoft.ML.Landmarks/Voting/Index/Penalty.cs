namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>What a row or query loses for its likeness to non-landmarks.</summary>
internal static class Penalty
{
    /// <summary>The mean of the cosines, summed best first in double precision; 0 of none.</summary>
    public static double Mean(ReadOnlySpan<NonLandmarkNeighbor> nearest) => nearest.IsEmpty ? 0 : Sum(nearest) / nearest.Length;

    /// <summary>The sum of the cosines, best first in double precision.</summary>
    public static double Sum(ReadOnlySpan<NonLandmarkNeighbor> nearest)
    {
        double sum = 0;
        foreach (NonLandmarkNeighbor neighbor in nearest)
            sum += neighbor.Cosine;
        return sum;
    }
}
