using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query was answered with.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="Landmark">The landmark's label as text; empty, or that of non-landmarks, where there is no answer.</param>
/// <param name="Confidence">Higher is surer; NaN where there is no answer.</param>
/// <param name="IsLandmark">Whether the query is said to show a landmark; null where that is not told.</param>
internal readonly record struct LandmarkPrediction(string Id, string Landmark, float Confidence, bool? IsLandmark)
{
    public bool IsAnswer => !float.IsNaN(Confidence) && !LandmarkName.IsNone(Landmark);

    /// <summary>Reads the predictions of a view, once; with a rule, and where the view has the columns for it, whether there is a
    /// landmark.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static IEnumerable<LandmarkPrediction> Read(IDataView view, string idColumnName, string predictedLabelColumnName,
        string scoreColumnName, VerdictRule? rule = null)
    {
        DataViewSchema.Column id = view.Schema.GetColumn("id", idColumnName);
        DataViewSchema.Column label = view.Schema.GetColumn("predicted label", predictedLabelColumnName);
        DataViewSchema.Column score = view.Schema.GetColumn("score", scoreColumnName);
        if (score.Type != NumberDataViewType.Single)
            throw Errors.ColumnType("score", score.Name, "Single", score.Type.Describe());
        DataViewSchema.Column[] verdict = rule?.FindColumns(view.Schema) ?? [];
        using DataViewRowCursor cursor = view.GetRowCursor([id, label, score, .. verdict]);
        Func<string> readId = ColumnText.CreateTextReader(cursor, "id", id),
            readLabel = ColumnText.CreateLabelReader(cursor, "predicted label", label);
        ValueGetter<float> getScore = cursor.GetGetter<float>(score);
        Func<bool?>? readVerdict = rule?.CreateReader(cursor, verdict);
        float confidence = 0;
        while (cursor.MoveNext())
        {
            getScore(ref confidence);
            var prediction = new LandmarkPrediction(readId(), readLabel(), confidence, readVerdict?.Invoke());
            // What is no answer has no probability, and shows nothing; of an answer without one nothing is told.
            yield return readVerdict is null || prediction.IsAnswer ? prediction : prediction with { IsLandmark = false };
        }
    }
}
