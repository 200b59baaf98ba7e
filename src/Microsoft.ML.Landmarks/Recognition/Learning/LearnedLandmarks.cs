using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>What was learned of some rows by one method.</summary>
/// <param name="Whitening">What whitens rows before they are asked; null where they are taken as they are.</param>
/// <param name="Landmarks">Answers them.</param>
internal sealed record LearnedLandmarks(WhiteningTransformer? Whitening, KnnLandmarkTransformer Landmarks) : IDisposable
{
    /// <summary>Answers rows like those that were learned from, in order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="label">The column of the predicted label, which is given as text.</param>
    /// <param name="score">The column of what else is read: Single, NaN where there is no answer.</param>
    public IEnumerable<(string Label, float Score)> Answer(TrainingRows rows, string label, string score)
    {
        IDataView answers = Landmarks.Transform(Whiten(rows));
        DataViewSchema.Column labels = answers.Schema[label], scores = answers.Schema[score];
        using DataViewRowCursor cursor = answers.GetRowCursor([labels, scores]);
        Func<string> readLabel = ColumnText.CreateLabelReader(cursor, "predicted label", labels);
        ValueGetter<float> getScore = cursor.GetGetter<float>(scores);
        float value = 0;
        while (cursor.MoveNext())
        {
            getScore(ref value);
            yield return (readLabel(), value);
        }
    }

    /// <summary>Rows as they are searched.</summary>
    /// <returns>[n, d], of unit length; zeros where whitening leaves nothing of a row.</returns>
    public UnitRows ReadSearched(TrainingRows rows)
    {
        IDataView view = Whiten(rows);
        DataViewSchema.Column column = FeatureReader.GetColumn(view.Schema, Landmarks.FeatureColumnName, Landmarks.Dimension);
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        var features = new FeatureReader(cursor, column);
        var searched = new UnitRows(features.Dimension);
        var nothing = new float[features.Dimension];
        while (cursor.MoveNext())
            searched.Add(features.TryRead() ? features.UnitRow : nothing);
        return searched;
    }

    /// <summary>Rows as the step reads them that answers.</summary>
    public IDataView Whiten(TrainingRows rows) => Whitening?.Transform(rows.View) ?? rows.View;

    /// <summary>Frees what this holds alone: methods share a whitening, which holds nothing.</summary>
    public void Dispose() => Landmarks.Dispose();
}
