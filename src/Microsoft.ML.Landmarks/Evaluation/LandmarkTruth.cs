using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>Which landmarks queries show.</summary>
internal static class LandmarkTruth
{
    /// <summary>Reads the landmarks of each query: none for -1, a missing key and empty text; several by blanks where the label is text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A query stands there twice.</exception>
    public static Dictionary<string, string[]> Read(IDataView view)
    {
        DataViewSchema.Column id = view.Schema.GetColumn("id", "Id"), label = view.Schema.GetColumn("label", "Label");
        using DataViewRowCursor cursor = view.GetRowCursor([id, label]);
        Func<string> readId = ColumnText.CreateTextReader(cursor, "id", id), readLabel = ColumnText.CreateLabelReader(cursor, "label", label);
        bool isText = label.Type is TextDataViewType;
        var truth = new Dictionary<string, string[]>();
        while (cursor.MoveNext())
        {
            string query = readId(), text = readLabel();
            string[] landmarks = isText ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [text];
            if (!truth.TryAdd(query, [.. landmarks.Where(l => l.Length > 0 && l != LandmarkLabel.NonLandmarkText)]))
                throw Errors.QueryTwice(query, "in the truth");
        }

        return truth;
    }
}
