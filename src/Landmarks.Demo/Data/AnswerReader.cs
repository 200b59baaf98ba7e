using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>Reads what a model says of the rows of a view, whatever type its labels have.</summary>
internal static class AnswerReader
{
    private const string Id = "Id", Label = "PredictedLabel", Score = "Score", Verdict = "IsLandmark";

    /// <summary>Whether a model adds what an answer is made of.</summary>
    public static bool CanRead(DataViewSchema schema)
        => schema.GetColumnOrNull(Label) is { Type: not VectorDataViewType }
        && schema.GetColumnOrNull(Score)?.Type == NumberDataViewType.Single;

    public static IEnumerable<Answer> Read(MLContext ml, IDataView predictions)
    {
        IDataView view = TextColumn.Convert(ml, predictions, Label);
        string[] columns = [Id, Label, Score, .. HasVerdict(view.Schema) ? [Verdict] : Array.Empty<string>()];
        using DataViewRowCursor cursor = view.GetRowCursor(columns.Select(name => view.Schema[name]));
        Func<Answer> read = CreateReader(cursor);
        while (cursor.MoveNext())
            yield return read();
    }

    private static Func<Answer> CreateReader(DataViewRowCursor cursor)
    {
        Func<string> readId = TextColumn.CreateReader(cursor, Id), readLabel = TextColumn.CreateReader(cursor, Label);
        ValueGetter<float> getScore = cursor.GetGetter<float>(cursor.Schema[Score]);
        ValueGetter<bool>? getVerdict = HasVerdict(cursor.Schema) ? cursor.GetGetter<bool>(cursor.Schema[Verdict]) : null;
        float score = 0;
        bool isLandmark = false;
        return () =>
        {
            getScore(ref score);
            getVerdict?.Invoke(ref isLandmark);
            return new Answer
            {
                Id = readId(),
                PredictedLabel = float.IsNaN(score) ? "" : readLabel(),
                Score = score,
                IsLandmark = getVerdict is null ? null : isLandmark,
            };
        };
    }

    private static bool HasVerdict(DataViewSchema schema) => schema.GetColumnOrNull(Verdict)?.Type is BooleanDataViewType;
}
