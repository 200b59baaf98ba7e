using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Finds the rows that all others answer otherwise than their label says.</summary>
/// <remarks>
/// Measured by planted faults, as Results/check.md in the benchmark project tells. What a landmark row of the set gets from its own is the
/// measure of what is much, so that it does not depend on the network.
/// </remarks>
internal sealed class VoteCheck(CheckedRows rows, LeaveOneOutVotes voting, SamePhotographs photographs, LandmarkFindings findings)
{
    /// <summary>The least margin of a wrong label, by what half of the rows get from their own landmark at least.</summary>
    public const double LeastMargin = 0.3;

    /// <summary>The least share of rows that are answered less surely than a non-landmark that shows a landmark.</summary>
    public const double LeastShare = 0.2;

    // Of all votes.
    private const double LeastLead = 0.5;

    // Photographs of the other landmark: one or two may be like by chance, and are where landmarks have few.
    private const int FewestVoters = 3;

    // Fewer say nothing of what is much.
    private const int FewestAnswered = 10;

    public void Run(ParallelOptions parallelism)
    {
        var votes = new LeaveOneOutVote[rows.PlaceCount];
        ParallelLoop.For(votes.Length, parallelism, place => votes[place] = voting.Of(place));
        HashSet<int> withCompany = LandmarksWithCompany();
        int[] answered = [.. Enumerable.Range(0, rows.Landmarks.Count).Where(place => withCompany.Contains(LandmarkAt(place)))];
        if (answered.Length < FewestAnswered)
            return;
        double typical = answered.Select(place => votes[place].Own).Order().ElementAt(answered.Length / 2);
        double[] sureness = [.. answered.Select(place => votes[place].Own - votes[place].Likeness).Order()];
        foreach (int place in typical > 0 ? answered : [])
        {
            double lead = votes[place].Other - votes[place].Own;
            if (votes[place].OtherVoters >= FewestVoters && lead >= LeastMargin * typical && lead >= LeastLead * votes[place].All)
                findings.AddWrongLabel(rows.RowAt(place), lead / typical, rows.RowAt(votes[place].NearestOther));
        }

        for (int place = rows.Landmarks.Count; place < rows.PlaceCount; place++)
        {
            double sure = votes[place].Other - votes[place].Likeness, share = (double)CountBelow(sureness, sure) / sureness.Length;
            if (votes[place].OtherVoters >= FewestVoters && sure > 0 && share >= LeastShare)
                findings.AddContamination(rows.RowAt(place), share, rows.RowAt(votes[place].NearestOther));
        }
    }

    private int LandmarkAt(int place) => rows.LandmarkOf(rows.RowAt(place));

    // Those of several photographs: a row that stands alone is answered by none of its own.
    private HashSet<int> LandmarksWithCompany()
        => [.. Enumerable.Range(0, rows.Landmarks.Count)
            .GroupBy(LandmarkAt, place => photographs.FirstOf(rows.RowAt(place)))
            .Where(landmark => landmark.Distinct().Skip(1).Any()).Select(landmark => landmark.Key)];

    private static int CountBelow(double[] ordered, double value)
    {
        int place = Array.BinarySearch(ordered, value);
        if (place < 0)
            return ~place;
        while (place > 0 && ordered[place - 1] == value)
            place--;
        return place;
    }
}
