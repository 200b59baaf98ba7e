using Microsoft.ML.Landmarks.Search;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>How the other rows answer a row.</summary>
/// <param name="Own">The votes for its own landmark.</param>
/// <param name="Other">The votes for the other landmark that has most; 0 where none has any.</param>
/// <param name="All">All votes.</param>
/// <param name="NearestOther">The place of its row that is nearest; -1 where there is none.</param>
/// <param name="OtherVoters">How many of its rows vote.</param>
/// <param name="Likeness">To non-landmarks.</param>
internal readonly record struct LeaveOneOutVote(double Own, double Other, double All, int NearestOther, int OtherVoters, double Likeness);

/// <summary>
/// Answers rows by all others, as KnnLandmark does by its defaults: each of the 5 best landmark rows votes with its cosine less its
/// penalty, which is its own likeness to non-landmarks. What is no more like the row than that has no vote, and of rows with one photograph
/// the best alone has.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="nearest">What is nearest to each.</param>
/// <param name="photographs">Other rows with the photograph of the one that is asked are left out with it.</param>
internal sealed class LeaveOneOutVotes(CheckedRows rows, NearestRows nearest, SamePhotographs photographs)
{
    /// <summary>Landmark rows among which the best are sought: the nearest by cosine.</summary>
    public const int LandmarkRows = 24;

    /// <summary>As many as a query's likeness to non-landmarks takes.</summary>
    public const int NonLandmarkRows = KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors;

    /// <param name="place">The place of the row.</param>
    public LeaveOneOutVote Of(int place)
    {
        int row = rows.RowAt(place), photograph = photographs.FirstOf(row);
        List<Neighbor> scored = [];
        foreach (Neighbor neighbor in nearest.LandmarksOf(place))
        {
            if (photographs.FirstOf(rows.RowAt(neighbor.Row)) == photograph)
                continue;
            double penalty = LikenessOf(neighbor.Row, KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors, photograph);
            scored.Add(neighbor with { Score = neighbor.Score - penalty });
        }

        scored.Sort();
        Dictionary<int, (double Sum, int Count, int Nearest)> votes = [];
        foreach (Neighbor voter in scored.Where(voter => voter.Score > 0)
            .DistinctBy(voter => photographs.FirstOf(rows.RowAt(voter.Row))).Take(KnnLandmarkEstimator.Defaults.NumberOfNeighbors))
        {
            int landmark = rows.LandmarkOf(rows.RowAt(voter.Row));
            (double sum, int count, int first) = votes.GetValueOrDefault(landmark, (0, 0, voter.Row));
            votes[landmark] = (sum + voter.Score, count + 1, first);
        }

        double likeness = LikenessOf(place, NonLandmarkRows, photograph), all = votes.Values.Sum(vote => vote.Sum);
        votes.Remove(rows.LandmarkOf(row), out (double Sum, int, int) own);
        if (votes.Count == 0)
            return new LeaveOneOutVote(own.Sum, 0, all, NearestOther: -1, 0, likeness);
        // Of equal sums, the landmark with the better row: votes come best first.
        (double otherSum, int otherCount, int nearestOther) = votes.Values.MaxBy(vote => vote.Sum);
        return new LeaveOneOutVote(own.Sum, otherSum, all, nearestOther, otherCount, likeness);
    }

    // The mean of the largest cosines to non-landmarks that are not the photograph.
    private double LikenessOf(int place, int count, int photograph)
    {
        double sum = 0;
        int used = 0;
        foreach (Neighbor neighbor in nearest.NonLandmarksOf(place))
        {
            if (used == count)
                break;
            if (photographs.FirstOf(rows.RowAt(neighbor.Row)) == photograph)
                continue;
            sum += neighbor.Score;
            used++;
        }

        return used == 0 ? 0 : sum / used;
    }
}
