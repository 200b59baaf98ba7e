using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>The settings that tuning compares.</summary>
internal static class TuningGrid
{
    public static ReadOnlySpan<double> TrainingPenaltyWeights => [0, 0.25, 0.5, 0.75, 1];

    public static ReadOnlySpan<double> QueryPenaltyWeights => [0, 0.5, 1, 2, 3, 5];

    public static ReadOnlySpan<double> SimilarityExponents => [1, 2, 4, 8];

    /// <summary>The setting with the largest GAP; of equal ones the nearest to the plain one, then the first in the grid.</summary>
    public static (VoteSettings Settings, double Gap) Best(IEnumerable<(VoteSettings Settings, double Gap)> grid)
        => grid.OrderByDescending(g => g.Gap).ThenBy(g => DistanceFromPlain(g.Settings)).First();

    // Sums of quarters, so that equal distances are equal in double precision.
    private static double DistanceFromPlain(VoteSettings settings)
    {
        VoteSettings plain = VoteSettings.Plain;
        return Math.Abs(settings.TrainingPenaltyWeight - plain.TrainingPenaltyWeight)
            + Math.Abs(settings.QueryPenaltyWeight - plain.QueryPenaltyWeight)
            + Math.Abs(settings.SimilarityExponent - plain.SimilarityExponent);
    }
}
