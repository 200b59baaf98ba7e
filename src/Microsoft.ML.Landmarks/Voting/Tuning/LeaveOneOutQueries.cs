using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>The fitted rows that are queries in leave-one-out, and what their nearest non-landmarks tell about them.</summary>
internal sealed class LeaveOneOutQueries
{
    /// <summary>Fewer rows of a kind than this say nothing.</summary>
    public const int FewestOfAKind = 30;

    private const int NoQuery = -1;

    // How many comparisons of rows are affordable: a quarter of those in Fit's own search, which leaves the tuning below half of its time,
    // or a second of work. Beside being searched for, each training row is read and prepared in Fit, which takes as long as some thousands
    // of comparisons.
    private const double ShareOfFit = 0.25, AlwaysAffordable = 4e7, ComparisonsOfReading = 4000;

    // Of more, the mean without one of them is the sum without it; of as many or fewer, the others are added up anew, as if there were no
    // other.
    private const int MostAddedUpAnew = 256;

    private readonly int _trainingPenaltyCount;
    private readonly int[] _placeOfNonLandmark;
    private readonly List<PenaltyChange>[] _changes;
    private readonly NonLandmarkNeighbor[] _others;

    /// <param name="settings">How rows are asked.</param>
    /// <param name="landmarkOfRow">[n], the landmark of each training row.</param>
    /// <param name="nonLandmarkCount">Non-landmark rows.</param>
    public LeaveOneOutQueries(LeaveOneOutSettings settings, ReadOnlySpan<int> landmarkOfRow, int nonLandmarkCount)
    {
        int[] landmarks = RowsWithCompany(landmarkOfRow), nonLandmarks = [.. Enumerable.Range(0, nonLandmarkCount)];
        int total = landmarks.Length + nonLandmarks.Length, limit = settings.Tuning.MaximumNumberOfQueries
            ?? AffordableQueries(landmarkOfRow.Length, nonLandmarkCount);
        if (total > limit)
        {
            int nonLandmarkShare = Math.Clamp((int)((long)limit * nonLandmarkCount / total), Math.Min(FewestOfAKind, nonLandmarkCount),
                limit - Math.Min(FewestOfAKind, landmarks.Length));
            nonLandmarks = Draw(nonLandmarks, nonLandmarkShare);
            landmarks = Draw(landmarks, limit - nonLandmarkShare);
        }

        Landmarks = landmarks;
        NonLandmarks = nonLandmarks;
        ReasonNotTuned = landmarks.Length < FewestOfAKind
            ? Errors.TooFewQueries(landmarks.Length, FewestOfAKind) : nonLandmarks.Length == 0 ? Errors.NoNegativeQueries() : null;
        _trainingPenaltyCount = Math.Min(settings.NumberOfTrainingPenaltyNeighbors, nonLandmarkCount);
        // One more than the penalty takes: the one that follows where another is left out.
        NeighborCount = Math.Min(_trainingPenaltyCount + 1, nonLandmarkCount);
        _placeOfNonLandmark = new int[nonLandmarkCount];
        Array.Fill(_placeOfNonLandmark, NoQuery);
        for (int place = 0; place < nonLandmarks.Length; place++)
            _placeOfNonLandmark[nonLandmarks[place]] = place;
        _changes = [.. nonLandmarks.Select(_ => new List<PenaltyChange>())];
        _others = new NonLandmarkNeighbor[Math.Max(0, NeighborCount - 1)];
    }

    /// <summary>The training rows that are queries, in order.</summary>
    public int[] Landmarks { get; }

    /// <summary>The non-landmark rows that are queries, in order.</summary>
    public int[] NonLandmarks { get; }

    /// <summary>Why there is nothing to choose by; null where there is.</summary>
    public string? ReasonNotTuned { get; }

    /// <summary>How many times a query is searched among the landmark rows; null where nothing is tuned.</summary>
    public long? LandmarkSearches
        => ReasonNotTuned is null ? (long)TuningGrid.TrainingPenaltyWeights.Length * (Landmarks.Length + NonLandmarks.Length) : null;

    /// <summary>How many non-landmarks <see cref="Add"/> takes for each training row.</summary>
    public int NeighborCount { get; }

    /// <summary>For each non-landmark that is a query, the training rows whose penalty it counts in, in order.</summary>
    public IReadOnlyList<IReadOnlyList<PenaltyChange>> Changes => _changes;

    /// <summary>Takes the non-landmarks that are nearest to a training row.</summary>
    /// <param name="row">The training row.</param>
    /// <param name="nearest">[<see cref="NeighborCount"/>], best first.</param>
    public void Add(int row, ReadOnlySpan<NonLandmarkNeighbor> nearest)
    {
        // All but the one that is left out, still best first.
        nearest.Slice(1, _others.Length).CopyTo(_others);
        double sum = _others.Length > MostAddedUpAnew ? Penalty.Sum(nearest[..NeighborCount]) : 0;
        for (int i = 0; i < _trainingPenaltyCount; i++)
        {
            if (_placeOfNonLandmark[nearest[i].Row] is var place and not NoQuery)
            {
                double penalty = _others.Length > MostAddedUpAnew ? (sum - nearest[i].Cosine) / _others.Length : Penalty.Mean(_others);
                _changes[place].Add(new PenaltyChange(row, nearest[i].Cosine, penalty));
            }

            if (i < _others.Length)
                _others[i] = nearest[i];
        }
    }

    private static int[] Draw(int[] rows, int count)
    {
        var sample = new RowSample(rows.Length, count);
        return [.. rows.Where(_ => sample.TakesNext())];
    }

    private static int AffordableQueries(int landmarkCount, int nonLandmarkCount)
    {
        // Each is compared with the training rows once for each weight, and with the non-landmarks.
        double budget = Math.Max(ShareOfFit * landmarkCount * (nonLandmarkCount + ComparisonsOfReading), AlwaysAffordable);
        double comparisons = (double)TuningGrid.TrainingPenaltyWeights.Length * landmarkCount + nonLandmarkCount;
        return (int)Math.Clamp(budget / comparisons, KnnLandmarkTuning.FewestQueries, int.MaxValue);
    }

    // A row whose label no other has can't be answered rightly by the others.
    private static int[] RowsWithCompany(ReadOnlySpan<int> landmarkOfRow)
    {
        Dictionary<int, int> counts = [];
        foreach (int landmark in landmarkOfRow)
            counts[landmark] = counts.GetValueOrDefault(landmark) + 1;
        List<int> rows = [];
        for (int row = 0; row < landmarkOfRow.Length; row++)
        {
            if (counts[landmarkOfRow[row]] > 1)
                rows.Add(row);
        }

        return [.. rows];
    }
}
