using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>Asks what was learned for the scores by which its answers are judged.</summary>
/// <param name="learned">What was learned.</param>
/// <param name="options">Columns, threads and cancellation.</param>
internal sealed class VerdictQueries(LearnedLandmarks learned, LandmarkOptions options)
{
    // So that the cost is bounded: a rate of 5 % is known to 1 % by as many.
    private const int MostLeftOut = 2000, BatchSize = 256;

    // Of so many landmarks, with so many rows each, photographs of others can be told from right answers.
    private const int FewestLandmarks = 8, FewestRowsOfLandmark = 5;

    private readonly LandmarkIndex _index = learned.Landmarks.Index;
    private readonly VoteSettings _vote = learned.Landmarks.Vote;
    private readonly ParallelOptions _parallelism = options.CreateParallelOptions();
    private readonly int _neighborCount = Math.Min(options.NumberOfNeighbors, learned.Landmarks.LandmarkRowCount);
    private readonly LandmarkMatches _matches = new();

    /// <summary>The scores of the answers to rows, in order; that of one without an answer is below all.</summary>
    /// <param name="rows">None was learned from.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<float> Score(TrainingRows rows)
    {
        List<float> scores = [];
        foreach (Query[] batch in Read(rows, takes: _ => true).Chunk(BatchSize))
        {
            Query[] asked = [.. batch.Where(query => query.Values is not null)];
            Search(asked, _neighborCount);
            var found = new Queue<float>(Enumerable.Range(0, asked.Length).Select(i => Vote(_matches.NeighborsOf(i)).Score));
            scores.AddRange(batch.Select(query => query.Values is null ? float.NegativeInfinity : found.Dequeue()));
        }

        return scores;
    }

    /// <summary>
    /// Answers rows that were learned from as if they had not been, or a sample of them: without the row itself, and without all rows of
    /// its landmark, which is unknown then. Whitening, penalties and weights stay as they are, so what comes of it is an estimate.
    /// </summary>
    /// <param name="rows">What was learned from.</param>
    /// <returns>The scores of the answers that are right without the row, and of those without its landmark; none of these where there are
    /// too few landmarks.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (IReadOnlyList<float> RightAnswers, IReadOnlyList<float> UnknownLandmarks) LeaveOut(TrainingRows rows)
    {
        int[] landmarkOfRow = [.. _index.Gallery.Labels.LandmarkOfRow];
        Dictionary<int, int> counts = landmarkOfRow.CountBy(landmark => landmark).ToDictionary();
        bool asksUnknown = CountLarge(counts.Values) >= FewestLandmarks;
        var sample = new RowSample(landmarkOfRow.Length, MostLeftOut);
        List<float> right = [], unknown = [];
        TrainingRows landmarks = rows.Take(Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] is not null));
        foreach (Query[] batch in Read(landmarks, takes: _ => sample.TakesNext()).Where(query => query.Values is not null).Chunk(BatchSize))
        {
            Query[] left = batch;
            // Itself, and as many again, which the other rows of its landmark may be.
            for (int depth = 2 * (_neighborCount + 1); left.Length > 0; depth *= 4)
            {
                depth = Math.Min(depth, landmarkOfRow.Length);
                List<Query> unfinished = [];
                foreach (Query[] asked in left.Chunk(LandmarkMatches.QueriesAtOnce(depth, BatchSize)))
                {
                    Search(asked, depth);
                    for (int i = 0; i < asked.Length; i++)
                    {
                        LandmarkNeighbor[] nearest = _matches.NeighborsOf(i).ToArray();
                        int row = asked[i].Row, landmark = landmarkOfRow[row];
                        if (ReferenceEquals(left, batch) && counts[landmark] > 1
                            && Vote(nearest.Where(neighbor => neighbor.Row != row)) is (var winner, var score) && winner == landmark)
                            right.Add(score);
                        LandmarkNeighbor[] others = [.. nearest.Where(neighbor => neighbor.Landmark != landmark).Take(_neighborCount)];
                        if (others.Length < _neighborCount && depth < landmarkOfRow.Length)
                            unfinished.Add(asked[i]);
                        else if (asksUnknown)
                            unknown.Add(Vote(others).Score);
                    }
                }

                left = asksUnknown ? [.. unfinished] : [];
            }
        }

        return (right, unknown);
    }

    /// <summary>Whether landmarks can be left out, so that a rate of unknown landmarks can be kept.</summary>
    /// <param name="rowsOfLandmark">The rows of each landmark.</param>
    /// <param name="rate">Above 0, below 1.</param>
    /// <exception cref="InvalidOperationException">They are too few.</exception>
    public static void CheckUnknownLandmarks(IEnumerable<int> rowsOfLandmark, double rate)
    {
        int[] counts = [.. rowsOfLandmark];
        if (CountLarge(counts) is < FewestLandmarks and var large)
            throw Errors.TooFewLargeLandmarks(large, FewestLandmarks, FewestRowsOfLandmark);
        int leftOut = (int)Math.Min(counts.Sum(count => (long)count), MostLeftOut);
        if (leftOut < ConformalScores.FewestFor(rate, confidence: null))
            throw Errors.TooFewUnknownLandmarks(leftOut, rate);
    }

    private static int CountLarge(IEnumerable<int> rowsOfLandmark) => rowsOfLandmark.Count(rows => rows >= FewestRowsOfLandmark);

    // The rows as they are asked. One that has no cosine, in whitened rows too, has no values, and was not learned from.
    private IEnumerable<Query> Read(TrainingRows rows, Func<int, bool> takes)
    {
        IDataView view = learned.Whiten(rows.View);
        DataViewSchema.Column column = view.Schema[options.FeatureColumnName];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        var features = new FeatureReader(cursor, column);
        int row = 0;
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            if (!features.TryRead())
                yield return new Query(row, Values: null);
            else if (takes(row++))
                yield return new Query(row - 1, features.UnitRow.ToArray());
        }
    }

    private void Search(Query[] queries, int depth)
    {
        var request = new LandmarkRequest(depth, NonLandmarks: 0, _vote.TrainingPenaltyWeight);
        float[] values = [.. queries.SelectMany(query => query.Values!)];
        _index.SearchAsync(values, request, _matches, _parallelism).AsTask().GetAwaiter().GetResult();
    }

    private (int Landmark, float Score) Vote(IEnumerable<LandmarkNeighbor> nearest) => Vote([.. nearest.Take(_neighborCount)]);

    private (int Landmark, float Score) Vote(ReadOnlySpan<LandmarkNeighbor> neighbors)
    {
        VotedAnswer answer = VotedAnswer.Create(
            neighbors, nonLandmarks: [], _vote, new double[neighbors.Length], new RankedLandmark[neighbors.Length]);
        return (answer.Landmarks[0].Landmark, VerdictScore.Of(answer));
    }

    /// <param name="Row">Its number among the rows that have a cosine.</param>
    /// <param name="Values">[d]; null for a row without one.</param>
    private readonly record struct Query(int Row, float[]? Values);
}
