using System.Diagnostics;
using Landmarks.Demo.Shards.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Shards;

/// <summary>The columns of a file of embeddings.</summary>
/// <param name="label">The type of labels: Int32 of a CSV file, text of folders.</param>
internal sealed class EmbeddingColumns(DataViewType label)
{
    private readonly ITableColumn _label = label is TextDataViewType ? new StringColumn("label") : new ValueColumn<int>("label");

    /// <summary>The columns of embedded <see cref="ShardRows"/> that are taken.</summary>
    public static IReadOnlyList<string> Taken { get; }
        = [ShardRows.Place, Methods.Embedding.Id, Methods.Embedding.Label, Methods.Embedding.Features];

    /// <summary>The places of rows among all.</summary>
    public ValueColumn<long> Row { get; } = new("row");

    public StringColumn Id { get; } = new("id");

    /// <summary>None where the photograph could not be read.</summary>
    public ListColumn<float> Embedding { get; } = new("embedding");

    /// <summary>All, in the order in which they stand in a file.</summary>
    public IReadOnlyList<ITableColumn> All => [Row, Id, _label, Embedding];

    /// <summary>The places of rows, and those that columns of a view are read from.</summary>
    /// <param name="names">The names of the columns of the view.</param>
    public IReadOnlyList<ITableColumn> Of(IReadOnlySet<string> names)
        => [Row, .. new (string Name, ITableColumn Column)[]
        {
            (Methods.Embedding.Id, Id), (Methods.Embedding.Label, _label), (Methods.Embedding.Features, Embedding),
        }.Where(column => names.Contains(column.Name)).Select(column => column.Column)];

    /// <summary>Takes a row of embedded photographs each time that it is called.</summary>
    /// <param name="row">The columns of <see cref="ShardRows"/>, embedded.</param>
    /// <returns>Tells whether the photograph could be read.</returns>
    public Func<bool> CreateTaker(DataViewRow row)
    {
        Action takePlace = Taker<long>(ShardRows.Place, Row.Add),
            takeId = Taker<ReadOnlyMemory<char>>(Methods.Embedding.Id, id => Id.Add(id.ToString())),
            takeLabel = _label is StringColumn texts
                ? Taker<ReadOnlyMemory<char>>(Methods.Embedding.Label, text => texts.Add(text.ToString()))
                : Taker<int>(Methods.Embedding.Label, ((ValueColumn<int>)_label).Add);
        ValueGetter<VBuffer<float>> getEmbedding = row.GetGetter<VBuffer<float>>(row.Schema[Methods.Embedding.Features]);
        VBuffer<float> embedding = default;
        float[] values = new float[((VectorDataViewType)row.Schema[Methods.Embedding.Features].Type).Size];
        return () =>
        {
            takePlace();
            takeId();
            takeLabel();
            getEmbedding(ref embedding);
            embedding.CopyTo(values);
            // Of what can't be read the steps make values that are all missing.
            bool isRead = !Array.TrueForAll(values, float.IsNaN);
            if (isRead)
                Embedding.Add(values);
            else
                Embedding.AddMissing();
            return isRead;
        };

        Action Taker<T>(string column, Action<T> take)
        {
            ValueGetter<T> get = row.GetGetter<T>(row.Schema[column]);
            T value = default!;
            return () =>
            {
                get(ref value);
                take(value);
            };
        }
    }

    /// <summary>The label of a row that was read.</summary>
    public T LabelOf<T>(int place)
        => _label is ValueColumn<int> numbers && numbers[place] is T number ? number
            : _label is StringColumn texts && texts[place].AsMemory() is T text ? text : throw new UnreachableException();
}
