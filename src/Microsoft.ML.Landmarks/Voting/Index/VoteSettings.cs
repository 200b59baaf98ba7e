namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>How much the penalties count, and how the scores of neighbours are stretched before they vote.</summary>
/// <param name="TrainingPenaltyWeight">From 0 to <see cref="KnnLandmarkEstimator.LargestWeight"/>.</param>
/// <param name="QueryPenaltyWeight">From 0 to <see cref="KnnLandmarkEstimator.LargestWeight"/>.</param>
/// <param name="SimilarityExponent">Above 0, to <see cref="KnnLandmarkEstimator.LargestExponent"/>.</param>
internal readonly record struct VoteSettings(double TrainingPenaltyWeight, double QueryPenaltyWeight, double SimilarityExponent)
{
    /// <summary>Those of the plain method: every number is as without them, to the last bit.</summary>
    public static readonly VoteSettings Plain = new(1, 1, 1);

    /// <summary>The confidence of an answer, always finite.</summary>
    /// <param name="votes">The winner's sum.</param>
    /// <param name="penalty">The query's own penalty.</param>
    public float Confidence(double votes, double penalty) => ToSingle(votes - QueryPenaltyWeight * penalty);

    /// <summary>A sum of votes as a Single; one that is too large is the largest, and finite.</summary>
    public static float ToSingle(double votes) => (float)Math.Clamp(votes, float.MinValue, float.MaxValue);
}
