using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>The layout of saved <see cref="FoldRows"/>, as a part of a verdict.</summary>
internal static class FoldFormat
{
    private const string RowsEntry = "FoldRows", LabelsEntry = "FoldLabels", IdsEntry = "FoldIds";

    /// <param name="model">The model.</param>
    /// <param name="dimension">How many features a row has.</param>
    public static FoldRows Read(ModelReader model, int dimension)
    {
        int count = model.ReadInt32("the number of rows of folds", 1);
        List<float[]> rows = [];
        model.ReadEntry(RowsEntry, (stream, length) =>
        {
            model.CheckLength<float>(RowsEntry, length, (long)count * dimension);
            while (rows.Count < count)
            {
                var row = new float[dimension];
                stream.ReadValues(row.AsSpan());
                rows.Add(row);
            }
        });
        string[] labels = model.ReadStrings(LabelsEntry, count);
        string[]? ids = model.ReadBoolean() ? model.ReadStrings(IdsEntry, count) : null;
        return new FoldRows([.. rows.Select((row, i)
            => new FoldRow(row, labels[i] == FoldRows.NonLandmarkLabel ? null : labels[i], ids?[i]))]);
    }

    public static void Write(ModelWriter model, FoldRows folds)
    {
        model.Write(folds.Rows.Count);
        model.WriteEntry(RowsEntry, stream =>
        {
            foreach (FoldRow row in folds.Rows)
                stream.WriteValues<float>(row.Features);
        });
        model.WriteStrings(LabelsEntry, [.. folds.Rows.Select(row => row.Label ?? FoldRows.NonLandmarkLabel)]);
        string[] ids = [.. folds.Rows.Select(row => row.Id).OfType<string>()];
        model.Write(ids.Length > 0);
        if (ids.Length > 0)
            model.WriteStrings(IdsEntry, ids);
    }
}
