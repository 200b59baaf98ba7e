using Microsoft.ML.Landmarks.Search;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>What a row or query loses for its likeness to non-landmarks.</summary>
internal static class Penalty
{
    /// <summary>The mean of the scores, summed best first in double precision; 0 of none.</summary>
    public static double Mean(ReadOnlySpan<Neighbor> nearest) => nearest.IsEmpty ? 0 : Sum(nearest) / nearest.Length;

    /// <summary>The sum of the scores, best first in double precision.</summary>
    public static double Sum(ReadOnlySpan<Neighbor> nearest)
    {
        double sum = 0;
        foreach (Neighbor neighbor in nearest)
            sum += neighbor.Score;
        return sum;
    }
}
