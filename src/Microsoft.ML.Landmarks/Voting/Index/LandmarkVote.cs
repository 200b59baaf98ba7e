using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>How neighbors vote for the landmarks that they show.</summary>
internal static class LandmarkVote
{
    /// <summary>The vote of a neighbor: sign(s) |s|^exponent, by <see cref="Power"/>.</summary>
    /// <param name="score">s.</param>
    /// <param name="exponent">Above 0, and so that sums are finite; with 1 the score itself votes.</param>
    public static double Of(double score, double exponent)
        => exponent == 1 ? score : Math.CopySign(Power.Of(Math.Abs(score), exponent), score);

    /// <summary>
    /// Ranks the landmarks of <paramref name="neighbors"/> by the sums of their votes; of equal sums the landmark of the better neighbor
    /// stands first. The sums are taken best neighbor first, in double precision.
    /// </summary>
    /// <param name="neighbors">[k], best first.</param>
    /// <param name="votes">[k], what each gives.</param>
    /// <param name="ranked">[k], overwritten.</param>
    /// <returns>The landmarks, in the first places of <paramref name="ranked"/>.</returns>
    public static ReadOnlySpan<RankedLandmark> Rank(ReadOnlySpan<LandmarkNeighbor> neighbors, ReadOnlySpan<double> votes,
        Span<RankedLandmark> ranked)
    {
        for (int i = 0; i < neighbors.Length; i++)
            ranked[i] = new RankedLandmark(neighbors[i].Landmark, i, votes[i]);
        ranked = ranked[..neighbors.Length];
        ranked.Sort(static (a, b) => a.Landmark == b.Landmark ? a.Nearest.CompareTo(b.Nearest) : a.Landmark.CompareTo(b.Landmark));
        int count = 0;
        foreach (RankedLandmark vote in ranked)
        {
            if (count > 0 && ranked[count - 1].Landmark == vote.Landmark)
                ranked[count - 1] = ranked[count - 1] with { Votes = ranked[count - 1].Votes + vote.Votes };
            else
                // A sum begins with 0, so that a vote of -0 is a sum of 0.
                ranked[count++] = vote with { Votes = 0 + vote.Votes };
        }

        ranked = ranked[..count];
        ranked.Sort(static (a, b) => a.Votes == b.Votes ? a.Nearest.CompareTo(b.Nearest) : b.Votes.CompareTo(a.Votes));
        return ranked;
    }

    /// <summary>The softmax of the sums of votes, which sums up to 1 but for rounding; by <see cref="Power"/>, summed in the order of the
    /// ranks.</summary>
    /// <param name="ranked">[l], the landmarks by their votes.</param>
    /// <param name="shares">[l], overwritten.</param>
    public static void Share(ReadOnlySpan<RankedLandmark> ranked, Span<double> shares)
    {
        double sum = 0;
        for (int i = 0; i < ranked.Length; i++)
            sum += shares[i] = Power.OfE(ranked[i].Votes - ranked[0].Votes);
        for (int i = 0; i < ranked.Length; i++)
            shares[i] /= sum;
    }
}
