using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Reads which landmarks there are in training data.</summary>
internal static class KnownLandmarks
{
    /// <summary>The names in the column Label, normalized; nothing of rows that show no landmark.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static HashSet<string> Read(IDataView view)
    {
        DataViewSchema.Column label = view.Schema.GetColumn("label", "Label");
        using DataViewRowCursor cursor = view.GetRowCursor([label]);
        Func<string> read = ColumnText.CreateLabelReader(cursor, "label", label);
        HashSet<string> labels = [];
        while (cursor.MoveNext())
            labels.Add(read());
        return [.. labels.Where(name => !LandmarkName.IsNone(name)).Select(LandmarkName.Normalize)];
    }
}
