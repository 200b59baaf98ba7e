using Microsoft.ML.Landmarks.Evaluation;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>Answers fitted rows by the model without them, with every setting of the grid.</summary>
/// <param name="asked">How rows are asked.</param>
/// <param name="index">The fitted rows.</param>
/// <param name="queries">Those that are asked, with what their nearest non-landmarks tell.</param>
internal sealed class LeaveOneOut(LeaveOneOutSettings asked, MemoryLandmarkIndex index, LeaveOneOutQueries queries)
{
    private const int BatchSize = 1024;

    private readonly Gallery _gallery = index.Gallery;
    private readonly LandmarkMatches _matches = new();
    private readonly int _queryCount = queries.Landmarks.Length + queries.NonLandmarks.Length;
    private readonly double[] _votes = new double[Math.Min(asked.NumberOfNeighbors, index.Gallery.Landmarks.Count)];
    private readonly RankedLandmark[] _ranked = new RankedLandmark[Math.Min(asked.NumberOfNeighbors, index.Gallery.Landmarks.Count)];
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
                var settings = new VoteSettings(trainingWeight, TuningGrid.QueryPenaltyWeights[queryWeight],
                    TuningGrid.SimilarityExponents[exponent]);
                gaps[i] = (settings, ComputeGap(settings, answers[exponent], penalties));
            });
            grid.AddRange(gaps);
        }

        return grid;
    }

    private double ComputeGap(VoteSettings settings, Answer[] answers, double[] penalties)
    {
        // Sorting is stable: of equal confidences the lower row first, and training rows before non-landmarks.
        IEnumerable<bool> ranked = answers.Select((answer, query)
            => (answer.IsRight, Confidence: settings.Confidence(answer.Votes, penalties[query])))
            .OrderByDescending(a => a.Confidence).Select(a => a.IsRight);
        return GlobalAveragePrecision.SumPrecisions(ranked).Precisions / queries.Landmarks.Length;
    }

    /// <summary>For each exponent the answers to all queries: training rows, then non-landmarks.</summary>
    private Answer[][] AnswerAll(double trainingWeight)
    {
        var answers = new Answer[TuningGrid.SimilarityExponents.Length][];
        for (int i = 0; i < answers.Length; i++)
            answers[i] = new Answer[_queryCount];
        int[] landmarks = queries.Landmarks;
        int neighborCount = _votes.Length, otherCount = Math.Min(asked.NumberOfNeighbors, _gallery.Landmarks.Count - 1);
        Search(_gallery.Landmarks, landmarks, new LandmarkRequest(otherCount + 1, 0, trainingWeight), (query, match) =>
            Vote(query, Without(_matches.NeighborsOf(match), landmarks[query], n => n.Row),
                _gallery.Labels.LandmarkOfRow[landmarks[query]]));
        Search(_gallery.NonLandmarks, queries.NonLandmarks, new LandmarkRequest(neighborCount, 0, trainingWeight), (query, match) =>
            Vote(landmarks.Length + query, WithChanges(_matches.NeighborsOf(match), queries.Changes[query]), truth: -1));
        index.Release(trainingWeight);
        return answers;

        // Where the query is left out, the penalty of a row can only fall, so the nearest rows are among the nearest before and those whose
        // penalty changes. (With so few non-landmarks that none follows it can rise; but then it changes for every row.)
        LandmarkNeighbor[] WithChanges(Span<LandmarkNeighbor> nearest, IReadOnlyList<PenaltyChange> changes)
            => [.. changes.Select(Describe).Concat(nearest.ToArray())
                .DistinctBy(n => n.Row).OrderByDescending(n => n.Score).ThenBy(n => n.Row).Take(neighborCount)];

        LandmarkNeighbor Describe(PenaltyChange change)
        {
            double penalty = trainingWeight * change.Penalty;
            int landmark = _gallery.Labels.LandmarkOfRow[change.Row];
            return new LandmarkNeighbor(change.Row, landmark, change.Similarity, penalty, change.Similarity - penalty);
        }

        void Vote(int query, ReadOnlySpan<LandmarkNeighbor> neighbors, int truth)
        {
            for (int i = 0; i < answers.Length; i++)
            {
                // The queries' own penalties are the same for all weights, and come in later.
                var settings = new VoteSettings(trainingWeight, QueryPenaltyWeight: 0, TuningGrid.SimilarityExponents[i]);
                RankedLandmark winner = VotedAnswer.Create(neighbors, [], settings, _votes, _ranked).Landmarks[0];
                answers[i][query] = new Answer(winner.Votes, winner.Landmark == truth);
            }
        }
    }

    private double[] ComputeLandmarkPenalties()
    {
        var penalties = new double[queries.Landmarks.Length];
        Search(_gallery.Landmarks, queries.Landmarks, NonLandmarks(asked.NumberOfQueryPenaltyNeighbors),
            (query, match) => penalties[query] = Penalty.Mean(_matches.NonLandmarksOf(match)));
        return penalties;
    }

    private double[] ComputeNonLandmarkPenalties()
    {
        int otherCount = Math.Min(asked.NumberOfQueryPenaltyNeighbors, _gallery.NonLandmarks.Count - 1);
        var penalties = new double[queries.NonLandmarks.Length];
        Search(_gallery.NonLandmarks, queries.NonLandmarks, NonLandmarks(otherCount + 1), (query, match) => penalties[query]
            = Penalty.Mean(Without(_matches.NonLandmarksOf(match), queries.NonLandmarks[query], n => n.Row)));
        return penalties;
    }

    private LandmarkRequest NonLandmarks(int count)
        => new(Neighbors: 0, Math.Min(count, _gallery.NonLandmarks.Count), PenaltyWeight: 1);

    /// <summary>Finds what is near to each query.</summary>
    /// <param name="rows">Where the queries are.</param>
    /// <param name="numbers">Their numbers there.</param>
    /// <param name="request">What to find.</param>
    /// <param name="take">Given the place of each query in <paramref name="numbers"/> and in the matches.</param>
    private void Search(UnitRows rows, int[] numbers, LandmarkRequest request, Action<int, int> take)
    {
        int place = 0;
        foreach (int[] batch in numbers.Chunk(LandmarkMatches.QueriesAtOnce(Math.Max(request.Neighbors, request.NonLandmarks), BatchSize)))
        {
            index.SearchAsync(rows.Gather(batch), request, _matches, asked.Parallelism).AsTask().GetAwaiter().GetResult();
            for (int i = 0; i < batch.Length; i++)
            {
                asked.Parallelism.CancellationToken.ThrowIfCancellationRequested();
                take(place++, i);
            }

            _searched += batch.Length;
            asked.Tuning.Progress?.Report(_searched / ((double)_queryCount * (TuningGrid.TrainingPenaltyWeights.Length + 1)));
        }
    }

    // By its number: another row may be equal to it.
    private static Span<T> Without<T>(Span<T> nearest, int row, Func<T, long> rowOf)
    {
        for (int i = 0; i < nearest.Length - 1; i++)
        {
            if (rowOf(nearest[i]) == row)
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
