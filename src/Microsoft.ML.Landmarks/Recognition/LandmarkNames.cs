using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>Reads what landmarks are called, by their labels as text.</summary>
internal static class LandmarkNames
{
    private const string LabelColumn = "Label", NameColumn = "Name";

    /// <param name="view">The columns Label and Name; a landmark whose name is empty has none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A landmark has two names.</exception>
    public static IReadOnlyDictionary<string, string> Read(IDataView view)
    {
        DataViewSchema.Column label = view.Schema.GetColumn("label", LabelColumn), name = view.Schema.GetColumn("name", NameColumn);
        using DataViewRowCursor cursor = view.GetRowCursor([label, name]);
        Func<string> readLabel = ColumnText.CreateLabelReader(cursor, "label", label),
            readName = ColumnText.CreateTextReader(cursor, "name", name);
        Dictionary<string, string> names = [];
        while (cursor.MoveNext())
        {
            if (readName() is not { Length: > 0 } text)
                continue;
            string key = readLabel();
            if (!names.TryAdd(key, text) && names[key] != text)
                throw Errors.NamedTwice(key, names[key], text);
        }

        return names;
    }
}
