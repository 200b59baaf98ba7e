using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Reads which landmarks queries show.</summary>
internal static class LandmarkTruth
{
    private const string UsageColumn = "Usage";

    /// <summary>Reads what each query shows: nothing for -1, empty text and, where no key stands for these, a missing key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A query stands there twice, or what it shows can't be read.</exception>
    public static OrderedDictionary<string, QueryTruth> Read(IDataView view, IChannel channel)
    {
        DataViewSchema.Column id = view.Schema.GetColumn("id", "Id"), label = view.Schema.GetColumn("label", "Label");
        DataViewSchema.Column? usage = view.Schema.GetColumnOrNull(UsageColumn) is { Type: TextDataViewType } column ? column : null;
        using DataViewRowCursor cursor = view.GetRowCursor(usage is null ? [id, label] : [id, label, usage.Value]);
        Func<string> readId = ColumnText.CreateTextReader(cursor, "id", id);
        Func<string> readUsage = usage is null ? () => "" : ColumnText.CreateTextReader(cursor, "usage", usage.Value);
        Func<string?[]> readLabels = ColumnText.CreateLabelsReader(cursor, "label", label);
        string[]? keyValues = KeyValues.Of(label)?.GetTexts();
        // A key that has a value for photographs of no landmark is missing where a landmark is none of its values. Without one it may be
        // missing for either reason.
        bool tellsNone = keyValues is not null && Array.Exists(keyValues, LandmarkName.IsNone);
        int unseen = 0, unknown = 0;
        var truth = new OrderedDictionary<string, QueryTruth>();
        while (cursor.MoveNext())
        {
            string query = readId();
            string?[] labels = readLabels();
            bool isMissing = keyValues is not null && labels.Contains(null);
            if (isMissing)
                _ = tellsNone ? unseen++ : unknown++;
            string[] landmarks = [.. labels.OfType<string>().Where(name => !LandmarkName.IsNone(name))
                .Select(name => LandmarkName.IsMissing(name) ? throw Errors.LabelMissing(query, name) : LandmarkName.Normalize(name))];
            if (!truth.TryAdd(query, new QueryTruth(landmarks, isMissing && tellsNone, CheckUsage(query, readUsage()))))
                throw Errors.QueryTwice(query, "in the truth");
        }

        if (unseen > 0)
            channel.Warning(MessageSensitivity.None, Errors.UnseenLandmarks(unseen));
        if (unknown > 0)
            channel.Warning(MessageSensitivity.None, Errors.MissingKeys(unknown));
        return truth;
    }

    private static string CheckUsage(string query, string usage)
        => usage.Length == 0 || QueryTruth.IsUsage(usage) ? usage : throw Errors.Usage(query, usage);
}
