using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Caching;

/// <summary>Photographs that stand apart in other rows, each with the number of its row there, by which messages name it.</summary>
/// <typeparam name="T">How a photograph is given.</typeparam>
/// <param name="column">The name of the column.</param>
/// <param name="type">Its type.</param>
/// <param name="photographs">Row numbers and photographs.</param>
/// <param name="copy">Gives a photograph to a reader.</param>
internal sealed class PhotographView<T>(string column, DataViewType type, IReadOnlyList<HashedPhotograph> photographs,
    PhotographView<T>.Copier copy) : IDataView
{
    public delegate void Copier(HashedPhotograph photograph, ref T value);

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = CreateSchema(column, type);

    public long? GetRowCount() => photographs.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(Schema, photographs, copy);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema CreateSchema(string column, DataViewType type)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column, type);
        return builder.ToSchema();
    }

    private sealed class Cursor(DataViewSchema schema, IReadOnlyList<HashedPhotograph> photographs, Copier copy) : DataViewRowCursor
    {
        private int _place = -1;

        public override long Position => _place < photographs.Count ? photographs[_place].Row : -1;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext() => _place < photographs.Count && ++_place < photographs.Count;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => (ValueGetter<TValue>)(object)(ValueGetter<T>)((ref T value) => copy(photographs[_place], ref value));

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Position, 0);
    }
}
