using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query was answered with.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="Landmark">The landmark's label as text; empty where there is no answer.</param>
/// <param name="Confidence">Higher is surer; NaN where there is no answer.</param>
internal readonly record struct LandmarkPrediction(string Id, string Landmark, float Confidence)
{
    public bool IsAnswer => !float.IsNaN(Confidence) && Landmark.Length > 0;

    /// <summary>Reads the predictions of a view, once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static IEnumerable<LandmarkPrediction> Read(IDataView view, string idColumnName, string predictedLabelColumnName,
        string scoreColumnName)
    {
        DataViewSchema.Column id = view.Schema.GetColumn("id", idColumnName);
        DataViewSchema.Column label = view.Schema.GetColumn("predicted label", predictedLabelColumnName);
        DataViewSchema.Column score = view.Schema.GetColumn("score", scoreColumnName);
        if (score.Type != NumberDataViewType.Single)
            throw Errors.ColumnType("score", score.Name, "Single", score.Type.Describe());
        using DataViewRowCursor cursor = view.GetRowCursor([id, label, score]);
        Func<string> readId = ColumnText.CreateTextReader(cursor, "id", id),
            readLabel = ColumnText.CreateLabelReader(cursor, "predicted label", label);
        ValueGetter<float> getScore = cursor.GetGetter<float>(score);
        float confidence = 0;
        while (cursor.MoveNext())
        {
            getScore(ref confidence);
            yield return new LandmarkPrediction(readId(), readLabel(), confidence);
        }
    }
}
