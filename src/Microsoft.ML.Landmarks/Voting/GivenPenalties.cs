using System.Collections;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Takes the non-landmarks that are nearest to landmark rows from others who have searched for them, and looks whether these are
/// those that a search finds.</summary>
/// <remarks>Whether all are there, in order, and whether each cosine is the one of the two rows, costs one product for each. Whether a
/// nearer one was left out takes a search, which a sample of the rows is enough for: who searched among other rows, or with other settings,
/// has erred at many.</remarks>
/// <param name="given">In any order.</param>
/// <param name="landmarks">[n, d].</param>
/// <param name="nonLandmarks">[v, d].</param>
/// <param name="count">How many there are of each row.</param>
/// <param name="parallelism">Threads and cancellation.</param>
internal sealed class GivenPenalties(
    IEnumerable<LandmarkPenalty> given, UnitRows landmarks, UnitRows nonLandmarks, int count, ParallelOptions parallelism)
{
    // Of many rows, of which a search of all takes hours, these take seconds.
    private const int MostSearched = 1024;

    private const int RowsBetweenReports = 4096;

    /// <summary>How many rows are searched for.</summary>
    public int SampleSize { get; } = Math.Min(landmarks.Count, NeighborEngines.QueriesAtOnce(count, MostSearched));

    /// <summary>Visits the landmark rows, in the order in which they are given, each with its own.</summary>
    /// <param name="engine">Of the non-landmarks.</param>
    /// <param name="visit">Given each row and its own.</param>
    /// <param name="progress">Told how many rows were visited.</param>
    /// <exception cref="InvalidOperationException">They are not those that a search finds.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Visit(INeighborEngine engine, NearestNonLandmarks.Visitor visit, IProgress<long>? progress)
    {
        BitArray isSampled = Sample(), isSeen = new(landmarks.Count);
        List<(int Row, NonLandmarkNeighbor[] Nearest)> sampled = [];
        var own = new NonLandmarkNeighbor[count];
        int seen = 0;
        foreach (LandmarkPenalty penalty in given)
        {
            parallelism.CancellationToken.ThrowIfCancellationRequested();
            Check(penalty, own);
            int row = penalty.Row;
            if (isSeen[row])
                throw Errors.PenaltyTwice(row);
            isSeen[row] = true;
            if (isSampled[row])
                sampled.Add((row, [.. own]));
            visit(row, own);
            if (++seen % RowsBetweenReports == 0)
                progress?.Report(seen);
        }

        if (seen < landmarks.Count)
            throw Errors.PenaltiesMissing(landmarks.Count - seen, Enumerable.Range(0, isSeen.Count).First(row => !isSeen[row]), seen);
        progress?.Report(seen);
        if (count > 0)
            CheckNearest(engine, sampled);
    }

    private BitArray Sample()
    {
        var sample = new RowSample(landmarks.Count, SampleSize);
        return new([.. Enumerable.Range(0, landmarks.Count).Select(_ => sample.TakesNext())]);
    }

    /// <param name="penalty">What is given.</param>
    /// <param name="own">[count], overwritten with it.</param>
    private void Check(LandmarkPenalty? penalty, NonLandmarkNeighbor[] own)
    {
        if (penalty is not { NonLandmarks: { } numbers, Cosines: { } cosines })
            throw Errors.PenaltyNull();
        int row = penalty.Row;
        if (row < 0 || row >= landmarks.Count)
            throw Errors.PenaltyOfNoRow(row, landmarks.Count);
        if (numbers.Count != count || cosines.Count != count)
            throw Errors.PenaltyCount(row, numbers.Count, cosines.Count, count);
        for (int i = 0; i < count; i++)
        {
            int number = numbers[i];
            if (number < 0 || number >= nonLandmarks.Count)
                throw Errors.PenaltyOfNoNonLandmark(row, number, nonLandmarks.Count);
            double cosine = ExactDot.Compute(landmarks[row], nonLandmarks[number]);
            if (BitConverter.DoubleToInt64Bits(cosine) != BitConverter.DoubleToInt64Bits(cosines[i]))
                throw Errors.PenaltyCosine(row, number, cosines[i], cosine);
            own[i] = new NonLandmarkNeighbor(number, cosine);
            if (i > 0 && new Neighbor(numbers[i - 1], cosines[i - 1]).CompareTo(new Neighbor(number, cosine)) >= 0)
                throw Errors.PenaltyOrder(row);
        }
    }

    private void CheckNearest(INeighborEngine engine, List<(int Row, NonLandmarkNeighbor[] Nearest)> sampled)
        => NearestNonLandmarks.Search(engine, landmarks.Take([.. sampled.Select(own => own.Row)]), count, parallelism, (i, found) =>
        {
            (int row, NonLandmarkNeighbor[] nearest) = sampled[i];
            int place = found.CommonPrefixLength(nearest);
            if (place < count)
                throw Errors.PenaltyNotNearest(row, (int)found[place].Row, (int)nearest[place].Row);
        });
}
