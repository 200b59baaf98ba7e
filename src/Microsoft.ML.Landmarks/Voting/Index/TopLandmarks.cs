namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Ranks the landmarks that a query shows most likely.</summary>
internal static class TopLandmarks
{
    /// <summary>
    /// First the landmarks that have votes, by their votes; then those of the rows that follow the voters, each by the first of its rows,
    /// with the vote that this would give.
    /// </summary>
    /// <param name="voted">By their votes.</param>
    /// <param name="nearest">The rows that are nearest, best first.</param>
    /// <param name="voters">How many of them vote.</param>
    /// <param name="exponent">Of the votes.</param>
    /// <param name="seen">Overwritten.</param>
    /// <param name="top">Overwritten.</param>
    /// <returns>The landmarks, in the first places of <paramref name="top"/>; fewer than it has where the rows show fewer.</returns>
    public static ReadOnlySpan<RankedLandmark> Rank(ReadOnlySpan<RankedLandmark> voted, ReadOnlySpan<LandmarkNeighbor> nearest,
        int voters, double exponent, HashSet<int> seen, Span<RankedLandmark> top)
    {
        seen.Clear();
        int count = Math.Min(voted.Length, top.Length);
        voted[..count].CopyTo(top);
        foreach (RankedLandmark landmark in top[..count])
            seen.Add(landmark.Landmark);
        for (int i = voters; i < nearest.Length && count < top.Length; i++)
        {
            if (seen.Add(nearest[i].Landmark))
                // As a sum, so that a vote of -0 is 0.
                top[count++] = new RankedLandmark(nearest[i].Landmark, i, 0 + LandmarkVote.Of(nearest[i].Score, exponent));
        }

        return top[..count];
    }
}
