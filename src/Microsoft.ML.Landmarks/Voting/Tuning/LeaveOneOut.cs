using Microsoft.ML.Landmarks.Evaluation;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>Answers fitted rows by the model without them, with every setting of the grid.</summary>
/// <param name="asked">How rows are asked.</param>
/// <param name="gallery">The fitted rows.</param>
/// <param name="landmarkEngine">Searches the landmark rows.</param>
/// <param name="nonLandmarkEngine">Searches the non-landmark rows.</param>
/// <param name="queries">With what the search for the penalties told.</param>
internal sealed class LeaveOneOut(
    LeaveOneOutSettings asked, Gallery gallery, INeighborEngine landmarkEngine, INeighborEngine nonLandmarkEngine, LeaveOneOutQueries queries)
{
    private const int BatchSize = 1024;

    private readonly int _queryCount = queries.Landmarks.Length + queries.NonLandmarks.Length;
    private readonly LandmarkVote _vote = new(gallery.Labels.LandmarkCount);
    private long _searched;

    /// <summary>The GAP of each setting, in the order of the grid.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public List<(VoteSettings Settings, double Gap)> Evaluate()
    {
        double[] penalties = [.. ComputeLandmarkPenalties(), .. ComputeNonLandmarkPenalties()];
        List<(VoteSettings Settings, double Gap)> grid = [];
        foreach (double trainingWeight in TuningGrid.TrainingPenaltyWeights)
        {
            Answer[][] answers = AnswerAll(trainingWeight);
            var gaps = new (VoteSettings, double)[TuningGrid.QueryPenaltyWeights.Length * answers.Length];
            ParallelLoop.For(gaps.Length, asked.Parallelism, i =>
            {
                (int queryWeight, int exponent) = Math.DivRem(i, answers.Length);
                var settings = new VoteSettings(trainingWeight, TuningGrid.QueryPenaltyWeights[queryWeight], TuningGrid.SimilarityExponents[exponent]);
                gaps[i] = (settings, ComputeGap(settings, answers[exponent], penalties));
            });
            grid.AddRange(gaps);
        }

        return grid;
    }

    private double ComputeGap(VoteSettings settings, Answer[] answers, double[] penalties)
    {
        // Sorting is stable: of equal confidences the lower row first, and training rows before non-landmarks.
        IEnumerable<bool> ranked = answers.Select((answer, query) => (answer.IsRight, Confidence: settings.Confidence(answer.Votes, penalties[query])))
            .OrderByDescending(a => a.Confidence).Select(a => a.IsRight);
        return GlobalAveragePrecision.SumPrecisions(ranked).Precisions / queries.Landmarks.Length;
    }

    /// <summary>For each exponent the answers to all queries: training rows, then non-landmarks.</summary>
    private Answer[][] AnswerAll(double trainingWeight)
    {
        var answers = new Answer[TuningGrid.SimilarityExponents.Length][];
        for (int i = 0; i < answers.Length; i++)
            answers[i] = new Answer[_queryCount];
        using INeighborEngine engine = landmarkEngine.WithPenalties(gallery.WeightedPenalties(trainingWeight));
        int[] landmarks = queries.Landmarks;
        int neighborCount = Math.Min(asked.NumberOfNeighbors, gallery.Landmarks.Count), otherCount = Math.Min(asked.NumberOfNeighbors, gallery.Landmarks.Count - 1);
        Search(engine, gallery.Landmarks, landmarks, otherCount + 1,
            (query, nearest) => Vote(query, Without(nearest, landmarks[query]), gallery.Labels.LandmarkOfRow[landmarks[query]]));
        Search(engine, gallery.NonLandmarks, queries.NonLandmarks, neighborCount,
            (query, nearest) => Vote(landmarks.Length + query, WithChanges(nearest, queries.Changes[query]), truth: -1));
        return answers;

        // Where the query is left out, the penalty of a row can only fall, so the nearest rows are among the nearest before and those whose penalty
        // changes. (With so few non-landmarks that none follows it can rise; but then it changes for every row.)
        Neighbor[] WithChanges(Span<Neighbor> nearest, IReadOnlyList<PenaltyChange> changes)
            => [.. changes.Select(change => new Neighbor(change.Row, change.Similarity - trainingWeight * change.Penalty)).Concat(nearest.ToArray())
                .DistinctBy(n => n.Row).OrderByDescending(n => n.Score).ThenBy(n => n.Row).Take(neighborCount)];

        void Vote(int query, ReadOnlySpan<Neighbor> neighbors, int truth)
        {
            for (int i = 0; i < answers.Length; i++)
            {
                (int landmark, double votes) = _vote.Winner(neighbors, gallery.Labels.LandmarkOfRow, TuningGrid.SimilarityExponents[i]);
                answers[i][query] = new Answer(votes, landmark == truth);
            }
        }
    }

    private double[] ComputeLandmarkPenalties()
    {
        var penalties = new double[queries.Landmarks.Length];
        Search(nonLandmarkEngine, gallery.Landmarks, queries.Landmarks, Math.Min(asked.NumberOfQueryPenaltyNeighbors, gallery.NonLandmarks.Count),
            (query, nearest) => penalties[query] = Penalty.Mean(nearest));
        return penalties;
    }

    private double[] ComputeNonLandmarkPenalties()
    {
        int otherCount = Math.Min(asked.NumberOfQueryPenaltyNeighbors, gallery.NonLandmarks.Count - 1);
        var penalties = new double[queries.NonLandmarks.Length];
        Search(nonLandmarkEngine, gallery.NonLandmarks, queries.NonLandmarks, otherCount + 1,
            (query, nearest) => penalties[query] = Penalty.Mean(Without(nearest, queries.NonLandmarks[query])));
        return penalties;
    }

    /// <summary>Finds the nearest rows of each query.</summary>
    /// <param name="engine">Searches the rows.</param>
    /// <param name="rows">Where the queries are.</param>
    /// <param name="numbers">Their numbers there.</param>
    /// <param name="count">How many rows to find.</param>
    /// <param name="take">Given the place of each query in <paramref name="numbers"/> and its nearest rows, best first.</param>
    private void Search(INeighborEngine engine, UnitRows rows, int[] numbers, int count, Action<int, Span<Neighbor>> take)
    {
        int d = rows.Dimension, place = 0;
        foreach (int[] batch in numbers.Chunk(NeighborEngines.QueriesAtOnce(count, BatchSize)))
        {
            var values = new float[batch.Length * d];
            var nearest = new Neighbor[batch.Length * count];
            for (int i = 0; i < batch.Length; i++)
                rows[batch[i]].CopyTo(values.AsSpan(i * d));
            engine.Search(values, count, nearest, asked.Parallelism);
            for (int i = 0; i < batch.Length; i++)
            {
                asked.Parallelism.CancellationToken.ThrowIfCancellationRequested();
                take(place++, nearest.AsSpan(i * count, count));
            }

            _searched += batch.Length;
            asked.Tuning.Progress?.Report(_searched / ((double)_queryCount * (TuningGrid.TrainingPenaltyWeights.Length + 1)));
        }
    }

    // By its number: another row may be equal to it.
    private static Span<Neighbor> Without(Span<Neighbor> nearest, int row)
    {
        for (int i = 0; i < nearest.Length - 1; i++)
        {
            if (nearest[i].Row == row)
            {
                nearest[(i + 1)..].CopyTo(nearest[i..]);
                break;
            }
        }

        return nearest[..^1];
    }

    /// <param name="Votes">The winner's sum.</param>
    /// <param name="IsRight">Whether the winner is the query's landmark.</param>
    private readonly record struct Answer(double Votes, bool IsRight);
}
