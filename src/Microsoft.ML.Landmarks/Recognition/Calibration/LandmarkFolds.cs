using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>
/// Answers photographs of landmarks by models that have not learned from them: each once by one that does not know its landmark, and once
/// by one that knows others of it.
/// </summary>
/// <remarks>
/// Whitening is learned anew each time: rows that it was learned from are less alike to others than new photographs are. By a mask on the
/// search alone, 22 % of photographs of unknown landmarks seemed to be answered where 69 % were.
/// </remarks>
/// <param name="rows">The rows that the model learns from.</param>
/// <param name="options">Columns and numbers of neighbors.</param>
/// <param name="device">Where to search; null for the CPU.</param>
internal sealed class LandmarkFolds(TrainingRows rows, LandmarkOptions options, SearchDevice? device)
{
    private const int FoldCount = 5;

    // Of so many landmarks, with so many rows each, photographs of others can be told from right answers.
    private const int FewestLandmarks = 8, FewestRowsOfLandmark = 5;

    // A rate of 5 % is known to half a percent by as many.
    private const int MostAsked = 2000;

    // The rows of each landmark.
    private readonly int[][] _landmarks = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] is not null)
        .GroupBy(row => rows.Labels[row]).Select(landmark => landmark.ToArray())];

    private int LargeCount => _landmarks.Count(landmark => landmark.Length >= FewestRowsOfLandmark);

    /// <summary>Whether a rate of unknown landmarks can be kept.</summary>
    /// <param name="rate">Above 0, below 1.</param>
    /// <exception cref="InvalidOperationException">There are too few landmarks for it.</exception>
    public void CheckUnknownLandmarks(double rate)
    {
        if (LargeCount < FewestLandmarks)
            throw Errors.TooFewLargeLandmarks(LargeCount, FewestLandmarks, FewestRowsOfLandmark);
        int asked = Math.Min(_landmarks.Sum(landmark => landmark.Length), MostAsked);
        if (asked < ConformalScores.FewestFor(rate, confidence: null))
            throw Errors.TooFewUnknownLandmarks(asked, rate);
    }

    /// <summary>Answers the rows, or a sample of them.</summary>
    /// <param name="method">How the model has learned.</param>
    /// <param name="vote">How it votes.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <returns>The scores of right answers where the landmark is known, and of all answers where it is not; none of these where there are
    /// too few landmarks.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (IReadOnlyList<float> RightAnswers, IReadOnlyList<float> UnknownLandmarks) Answer(
        LandmarkMethod method, VoteSettings vote, FitProgress progress)
    {
        bool asksUnknown = LargeCount >= FewestLandmarks;
        (int Row, int Unknown, int Known)[] all = [.. _landmarks.SelectMany((landmark, number) => landmark.Select((row, place) => (row,
            // No row is known where its landmark is not.
            Unknown: number % FoldCount, Known: landmark.Length == 1 ? -1 : (number + 1 + place % (FoldCount - 1)) % FoldCount)))];
        HashSet<int> sample = Sample([.. all.Select(row => row.Row)]);
        List<float> right = [], unknown = [];
        IProgress<long>? folds = progress.Of("Verdict, folds of landmarks", FoldCount);
        for (int fold = 0; fold < FoldCount; fold++)
        {
            int[] ofUnknown = asksUnknown ? [.. all.Where(row => row.Unknown == fold).Select(row => row.Row)] : [],
                ofKnown = [.. all.Where(row => row.Known == fold).Select(row => row.Row)];
            using LearnedLandmarks learned
                = LandmarkLearning.LearnQuietly(rows.Without([.. ofUnknown, .. ofKnown]), options, device, method, vote);
            unknown.AddRange(Ask(ofUnknown).Select(answer => answer.Score));
            right.AddRange(Ask(ofKnown).Where(answer => answer.IsRight).Select(answer => answer.Score));
            folds?.Report(fold + 1);

            IEnumerable<(bool IsRight, float Score)> Ask(int[] some)
            {
                TrainingRows asked = rows.Take(some.Where(sample.Contains));
                return VerdictAnswers.Read(learned, asked)
                    .Select((answer, row) => (answer.Label == asked.Labels[row], answer.Score));
            }
        }

        return (right, unknown);
    }

    private static HashSet<int> Sample(int[] all)
    {
        var sample = new RowSample(all.Length, MostAsked);
        return [.. all.Where(_ => sample.TakesNext())];
    }
}
