using System.Globalization;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>Chooses the settings of the vote, and says which and why.</summary>
internal static class LandmarkTuner
{
    /// <exception cref="OperationCanceledException">Fit was cancelled.</exception>
    public static (VoteSettings Settings, KnnLandmarkTuningResult Result) Choose(
        LeaveOneOutSettings settings, MemoryLandmarkIndex index, LeaveOneOutQueries queries, IChannel channel)
    {
        int landmarkCount = queries.Landmarks.Length, nonLandmarkCount = queries.NonLandmarks.Length;
        if (queries.ReasonNotTuned is { } reason)
        {
            channel.Warning(MessageSensitivity.None, reason);
            return (VoteSettings.Plain, new KnnLandmarkTuningResult(landmarkCount, nonLandmarkCount, null, null, reason));
        }

        index.VisitNearestNonLandmarks(queries.NeighborCount, settings.Parallelism, queries.Add);
        List<(VoteSettings Settings, double Gap)> grid = new LeaveOneOut(settings, index, queries).Evaluate();
        (VoteSettings best, double gap) = TuningGrid.Best(grid);
        double plain = grid.First(g => g.Settings == VoteSettings.Plain).Gap;
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture,
            $"Tuned on {landmarkCount} training rows and {nonLandmarkCount} non-landmark rows: TrainingPenaltyWeight "
            + $"{best.TrainingPenaltyWeight}, QueryPenaltyWeight {best.QueryPenaltyWeight}, SimilarityExponent {best.SimilarityExponent}; "
            + $"estimated GAP {gap:F4}, with 1, 1, 1 {plain:F4}."));
        return (best, new KnnLandmarkTuningResult(landmarkCount, nonLandmarkCount, gap, plain, reasonNotTuned: null));
    }
}
