using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>
/// Photographs of nothing that were held out of all that is learned, as they are searched: answers are judged by what is answered to
/// these. Where the rows that answer change, those of these whose nearest rows can have changed are answered anew.
/// </summary>
/// <param name="Rows">[h, d], of unit length, or zeros where whitening has left nothing of a row.</param>
/// <param name="Ids">[h]; null where rows have none.</param>
/// <param name="OfFit">How many of them, the first, are there since Fit.</param>
/// <param name="NonLandmarkCount">How many non-landmarks have come, those too that are gone, but none that took the place of another row:
/// each third is held out.</param>
/// <param name="Nearest">The landmark rows that are nearest to each; null where they are not kept.</param>
internal sealed record HeldOutRows(UnitRows Rows, string[]? Ids, int OfFit, long NonLandmarkCount, NearestLandmarks? Nearest)
{
    /// <summary>One of so many is held out.</summary>
    public const int HeldOutOf = 3;

    /// <summary>Of some non-landmarks, those that are held out, by their numbers from 0.</summary>
    /// <param name="seen">How many there were before.</param>
    /// <param name="count">How many there are.</param>
    public static IEnumerable<int> Choose(long seen, int count)
        => Enumerable.Range(0, count).Where(number => (seen + number) % HeldOutOf == HeldOutOf - 1);

    /// <summary>Answers rows that were held out.</summary>
    /// <param name="rows">[h, d].</param>
    /// <param name="ids">[h]; null where rows have none.</param>
    /// <param name="nonLandmarkCount">How many non-landmarks there have been.</param>
    /// <param name="by">Answers them.</param>
    /// <param name="scores">By what answers are judged, of each row.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static HeldOutRows Answer(UnitRows rows, string[]? ids, long nonLandmarkCount, HeldOutAnswers by, out float[] scores)
    {
        NearestLandmarks? nearest = NearestLandmarks.Allocate(rows, by.KeptCount);
        scores = by.Ask(rows, nearest);
        return new HeldOutRows(rows, ids, rows.Count, nonLandmarkCount, nearest);
    }

    /// <summary>Answers them again, once they or the landmark rows have changed.</summary>
    /// <param name="change">What became of these.</param>
    /// <param name="added">[a, d], the new ones.</param>
    /// <param name="addedIds">[a]; null where rows have none.</param>
    /// <param name="nonLandmarkCount">How many non-landmarks there have been.</param>
    /// <param name="update">What became of the landmark rows.</param>
    /// <param name="by">Answers them.</param>
    /// <param name="scores">By what answers are judged, of each row.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public HeldOutRows After(RowChange change, UnitRows added, string[]? addedIds, long nonLandmarkCount, NearestLandmarksUpdate update,
        HeldOutAnswers by, out float[] scores)
    {
        UnitRows rows = Rows.After(change, added).Pack();
        string[]? ids = Ids is null ? null : change.Apply<string>(Ids, addedIds);
        if (Nearest is null || !update.IsWorthwhile || NearestLandmarks.Allocate(rows, by.KeptCount) is not { } nearest)
            return Answer(rows, ids, nonLandmarkCount, by, out scores) with { OfFit = change.CountKept(OfFit) };
        update.Apply(rows, change, Nearest, nearest, by.Parallelism);
        scores = by.AskRest(rows, nearest);
        return new HeldOutRows(rows, ids, change.CountKept(OfFit), nonLandmarkCount, nearest);
    }
}
