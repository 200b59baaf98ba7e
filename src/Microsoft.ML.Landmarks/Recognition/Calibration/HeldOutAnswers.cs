using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>Answers rows that were held out, as a step answers its queries, and scores the answers as verdicts do.</summary>
/// <param name="landmarks">The step.</param>
/// <param name="parallelism">Threads and cancellation.</param>
internal sealed class HeldOutAnswers(KnnLandmarkTransformer landmarks, ParallelOptions parallelism)
{
    private readonly Gallery _gallery = landmarks.Gallery;
    private readonly VoteSettings _vote = landmarks.Settings.Vote;
    private readonly int _voters = Math.Min(landmarks.Settings.NumberOfNeighbors, landmarks.Gallery.Landmarks.Count);

    /// <summary>How many of its nearest rows are kept of each.</summary>
    public int KeptCount => NearestLandmarks.CountOf(_voters, _gallery.Landmarks.Count);

    /// <summary>Threads and cancellation.</summary>
    public ParallelOptions Parallelism => parallelism;

    /// <summary>Answers rows.</summary>
    /// <param name="rows">[h, d].</param>
    /// <param name="nearest">Gets their nearest rows; null where these are not kept.</param>
    /// <returns>[h], higher is surer; below all for a row that has no cosine to others, and so no answer.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public float[] Ask(UnitRows rows, NearestLandmarks? nearest)
    {
        var scores = new float[rows.Count];
        Array.Fill(scores, float.NegativeInfinity);
        int[] asked = [.. Enumerable.Range(0, rows.Count).Where(row => HasCosine(rows[row]))];
        Visit(rows, asked, nearest?.Count ?? _voters, (row, found) =>
        {
            scores[row] = Score(rows[row], found);
            nearest?.Set(row, found);
        });
        return scores;
    }

    /// <summary>Answers rows of which most know their nearest rows.</summary>
    /// <param name="rows">[h, d].</param>
    /// <param name="nearest">What they know, completed.</param>
    /// <inheritdoc cref="Ask" path="/returns"/>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public float[] AskRest(UnitRows rows, NearestLandmarks nearest)
    {
        int[] unknown = [.. Enumerable.Range(0, rows.Count).Where(row => nearest.Of(row).Length < _voters && HasCosine(rows[row]))];
        Visit(rows, unknown, nearest.Count, nearest.Set);
        var scores = new float[rows.Count];
        ParallelLoop.For(rows.Count, parallelism, row => scores[row] = Score(rows[row], nearest.Of(row)));
        return scores;
    }

    private static bool HasCosine(ReadOnlySpan<float> row) => row.ContainsAnyExcept(0);

    private void Visit(UnitRows rows, int[] asked, int count, Action<int, ReadOnlySpan<Neighbor>> visit)
        => landmarks.RowsInMemory.VisitNearestLandmarks(rows, asked, count, _vote.TrainingPenaltyWeight, parallelism, visit);

    // Those of a row without a cosine are not known.
    private float Score(ReadOnlySpan<float> row, ReadOnlySpan<Neighbor> nearest)
    {
        if (nearest.IsEmpty)
            return float.NegativeInfinity;
        var neighbors = new LandmarkNeighbor[_voters];
        for (int i = 0; i < neighbors.Length; i++)
            neighbors[i] = landmarks.RowsInMemory.Describe(row, nearest[i], _vote.TrainingPenaltyWeight);
        return VerdictScore.Of(VotedAnswer.Create(
            neighbors, nonLandmarks: [], _vote, new double[neighbors.Length], new RankedLandmark[neighbors.Length]));
    }
}
