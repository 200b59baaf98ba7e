using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>Reads what a model says of the rows of a view, whatever type its labels have.</summary>
internal static class AnswerReader
{
    private const string Id = "Id", Label = "PredictedLabel", Score = "Score", Neighbors = "Neighbors", NeighborScores = "NeighborScores";

    /// <summary>Whether a model adds what an answer is made of.</summary>
    public static bool CanRead(DataViewSchema schema)
        => schema.GetColumnOrNull(Label) is { Type: not VectorDataViewType }
        && schema.GetColumnOrNull(Score)?.Type == NumberDataViewType.Single;

    public static IEnumerable<Answer> Read(MLContext ml, IDataView predictions)
    {
        IDataView view = TextColumn.Convert(ml, predictions, Label);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[Id], view.Schema[Label], view.Schema[Score]]);
        Func<Answer> read = CreateReader(cursor);
        while (cursor.MoveNext())
            yield return read();
    }

    public static IEnumerable<PhotoAnswer> ReadWithNeighbors(MLContext ml, IDataView predictions)
    {
        IDataView view = TextColumn.Convert(ml, TextColumn.Convert(ml, predictions, Label), Neighbors);
        DataViewSchema.Column[] neighborColumns = [.. new[] { Neighbors, NeighborScores }.Select(n
            => view.Schema.GetColumnOrNull(n)).OfType<DataViewSchema.Column>()];
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[Id], view.Schema[Label], view.Schema[Score], .. neighborColumns]);
        Func<Answer> read = CreateReader(cursor);
        Func<ReadOnlyMemory<char>[]> readIds = CreateVectorReader<ReadOnlyMemory<char>>(cursor, Neighbors);
        Func<float[]> readScores = CreateVectorReader<float>(cursor, NeighborScores);
        while (cursor.MoveNext())
            yield return new PhotoAnswer(read(), Pair(readIds(), readScores()));
    }

    private static Func<Answer> CreateReader(DataViewRowCursor cursor)
    {
        Func<string> readId = TextColumn.CreateReader(cursor, Id), readLabel = TextColumn.CreateReader(cursor, Label);
        ValueGetter<float> getScore = cursor.GetGetter<float>(cursor.Schema[Score]);
        float score = 0;
        return () =>
        {
            getScore(ref score);
            return new Answer { Id = readId(), PredictedLabel = float.IsNaN(score) ? "" : readLabel(), Score = score };
        };
    }

    private static Func<T[]> CreateVectorReader<T>(DataViewRowCursor cursor, string name)
    {
        if (cursor.Schema.GetColumnOrNull(name) is not { } column)
            return () => [];
        ValueGetter<VBuffer<T>> get = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            return [.. values.DenseValues()];
        };
    }

    // A model need not tell both. Unused places have no id, or the score NaN.
    private static Neighbor[] Pair(ReadOnlyMemory<char>[] ids, float[] scores)
    {
        IEnumerable<Neighbor> neighbors = scores.Length == 0
            ? ids.Where(id => !id.IsEmpty).Select(id => new Neighbor(id.ToString(), float.NaN))
            : scores.Select((score, i) => new Neighbor(i < ids.Length ? ids[i].ToString() : "", score)).Where(n => !float.IsNaN(n.Score));
        return [.. neighbors];
    }
}
