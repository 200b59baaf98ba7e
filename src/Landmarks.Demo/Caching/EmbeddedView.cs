using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Caching;

/// <summary>The rows of another view with a column of embeddings, which come from elsewhere in the order of the rows.</summary>
internal sealed class EmbeddedView : IDataView
{
    private readonly IDataView _source;
    private readonly Func<IEnumerable<float[]>> _embed;

    /// <param name="source">The rows.</param>
    /// <param name="embeddings">The column that is added, as the steps have it that embed: with what its values depend on.</param>
    /// <param name="embed">Begins to make an embedding of each row.</param>
    public EmbeddedView(IDataView source, DataViewSchema.Column embeddings, Func<IEnumerable<float[]>> embed)
    {
        (_source, _embed) = (source, embed);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(source.Schema);
        builder.AddColumn(embeddings.Name, embeddings.Type, embeddings.Annotations);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        IEnumerable<DataViewSchema.Column> ofSource
            = columns.Where(column => column.Index < _source.Schema.Count).Select(column => _source.Schema[column.Index]);
        bool areEmbedded = columns.Any(column => column.Index == _source.Schema.Count);
        return new Cursor(Schema, _source.GetRowCursor(ofSource), areEmbedded ? _embed().GetEnumerator() : null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema, DataViewRowCursor source, IEnumerator<float[]>? embeddings) : DataViewRowCursor
    {
        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext() => source.MoveNext() && (embeddings?.MoveNext() ?? true);

        public override bool IsColumnActive(DataViewSchema.Column column)
            => IsAdded(column) ? embeddings is not null : source.IsColumnActive(source.Schema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => IsAdded(column)
                ? (ValueGetter<TValue>)(object)(ValueGetter<VBuffer<float>>)Get : source.GetGetter<TValue>(source.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                embeddings?.Dispose();
                source.Dispose();
            }

            base.Dispose(disposing);
        }

        private bool IsAdded(DataViewSchema.Column column) => column.Index == source.Schema.Count;

        private void Get(ref VBuffer<float> value) => new VBuffer<float>(embeddings!.Current.Length, embeddings.Current).CopyTo(ref value);
    }
}
