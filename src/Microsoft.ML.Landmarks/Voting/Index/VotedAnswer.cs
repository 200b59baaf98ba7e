namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>What is answered to one query; output columns are parts of it. It lies in the buffers that it was made with.</summary>
internal readonly ref struct VotedAnswer
{
    private VotedAnswer(ReadOnlySpan<RankedLandmark> landmarks, ReadOnlySpan<LandmarkNeighbor> neighbors, ReadOnlySpan<double> votes,
        ReadOnlySpan<NonLandmarkNeighbor> nonLandmarks, double queryPenalty, float confidence)
    {
        Landmarks = landmarks;
        Neighbors = neighbors;
        Votes = votes;
        NonLandmarks = nonLandmarks;
        QueryPenalty = queryPenalty;
        Confidence = confidence;
    }

    /// <summary>The landmarks of the neighbors, by their votes; the first is the prediction.</summary>
    public ReadOnlySpan<RankedLandmark> Landmarks { get; }

    /// <summary>[k], the landmark rows that vote, best first.</summary>
    public ReadOnlySpan<LandmarkNeighbor> Neighbors { get; }

    /// <summary>[k], the vote of each neighbor.</summary>
    public ReadOnlySpan<double> Votes { get; }

    /// <summary>The non-landmarks whose cosines make the query's own penalty, best first.</summary>
    public ReadOnlySpan<NonLandmarkNeighbor> NonLandmarks { get; }

    /// <summary>The query's own penalty, before its weight.</summary>
    public double QueryPenalty { get; }

    /// <summary>How sure the prediction is; finite.</summary>
    public float Confidence { get; }

    /// <summary>The answer to a query, which depends on nothing else.</summary>
    /// <param name="neighbors">[k], the landmark rows that are nearest to the query, best first; at least one.</param>
    /// <param name="nonLandmarks">The non-landmarks that are nearest to it, best first; none where there are none.</param>
    /// <param name="settings">How they vote, and what the query's penalty counts.</param>
    /// <param name="votes">[k], overwritten.</param>
    /// <param name="ranked">[k], overwritten.</param>
    public static VotedAnswer Create(ReadOnlySpan<LandmarkNeighbor> neighbors, ReadOnlySpan<NonLandmarkNeighbor> nonLandmarks,
        VoteSettings settings, Span<double> votes, Span<RankedLandmark> ranked)
    {
        for (int i = 0; i < neighbors.Length; i++)
            votes[i] = LandmarkVote.Of(neighbors[i].Score, settings.SimilarityExponent);
        ReadOnlySpan<RankedLandmark> landmarks = LandmarkVote.Rank(neighbors, votes, ranked);
        double penalty = Penalty.Mean(nonLandmarks);
        float confidence = settings.Confidence(landmarks[0].Votes, penalty);
        return new VotedAnswer(landmarks, neighbors, votes[..neighbors.Length], nonLandmarks, penalty, confidence);
    }
}
