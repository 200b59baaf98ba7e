using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>The layout of saved <see cref="HeldOutRows"/>, as a part of a verdict.</summary>
internal static class HeldOutFormat
{
    private const string RowsEntry = "HeldOut", IdsEntry = "HeldOutIds", NearestEntry = "HeldOutNearest",
        ScoresEntry = "HeldOutNearestScores";

    /// <param name="model">The model.</param>
    /// <param name="landmarks">[n, d], the rows that answer them.</param>
    public static HeldOutRows Read(ModelReader model, UnitRows landmarks)
    {
        int count = model.ReadInt32("the number of held-out rows", 1);
        int ofFit = model.ReadInt32("the number of held-out rows of Fit", 0, count);
        long nonLandmarkCount = (long)model.ReadUInt64("the number of non-landmarks", (ulong)count, long.MaxValue);
        UnitRows rows = model.ReadRows(RowsEntry, count, landmarks.Dimension);
        string[]? ids = model.ReadBoolean() ? model.ReadStrings(IdsEntry, count) : null;
        NearestLandmarks? nearest = model.ReadBoolean() ? ReadNearest(model, count, landmarks.Count) : null;
        return new HeldOutRows(rows, ids, ofFit, nonLandmarkCount, nearest);
    }

    public static void Write(ModelWriter model, HeldOutRows heldOut)
    {
        model.Write(heldOut.Rows.Count);
        model.Write(heldOut.OfFit);
        model.Write(heldOut.NonLandmarkCount);
        model.WriteEntry(RowsEntry, heldOut.Rows.Write);
        model.Write(heldOut.Ids is not null);
        if (heldOut.Ids is not null)
            model.WriteStrings(IdsEntry, heldOut.Ids);
        model.Write(heldOut.Nearest is not null);
        if (heldOut.Nearest is not null)
            WriteNearest(model, heldOut.Nearest);
    }

    private static NearestLandmarks ReadNearest(ModelReader model, int count, int landmarkCount)
    {
        int ofEach = model.ReadInt32("the number of nearest rows", 1, Math.Min(landmarkCount, Array.MaxLength / count));
        int[] rows = model.ReadEntry<int>(NearestEntry, count * ofEach);
        model.CheckValues(NearestEntry, rows, row => row >= Neighbor.None.Row && row < landmarkCount);
        double[] scores = model.ReadEntry<double>(ScoresEntry, count * ofEach);
        model.CheckValues(ScoresEntry, scores, score => !double.IsNaN(score));
        return new NearestLandmarks(ofEach,
            [.. rows.Zip(scores, (row, score) => row == Neighbor.None.Row ? Neighbor.None : new Neighbor(row, score))]);
    }

    private static void WriteNearest(ModelWriter model, NearestLandmarks nearest)
    {
        model.Write(nearest.Count);
        Neighbor[] all = nearest.All.ToArray();
        model.WriteEntry<int>(NearestEntry, all.Select(neighbor => neighbor.Row).ToArray());
        model.WriteEntry<double>(ScoresEntry, all.Select(neighbor => neighbor.Score).ToArray());
    }
}
