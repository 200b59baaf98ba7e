using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Photographs with ids, labels and paths, read anew by each cursor: no row is kept.</summary>
internal sealed class LandmarkDataView : IDataView
{
    private readonly IEnumerable<LandmarkRow> _rows;

    /// <param name="rows">Read from the start by each cursor.</param>
    /// <param name="labelType">Int32 or text.</param>
    public LandmarkDataView(IEnumerable<LandmarkRow> rows, PrimitiveDataViewType labelType)
    {
        _rows = rows;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Id", TextDataViewType.Instance);
        builder.AddColumn("Label", labelType);
        builder.AddColumn("ImagePath", TextDataViewType.Instance);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        return new Cursor(Schema, columnsNeeded, _rows.GetEnumerator());
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns, IEnumerator<LandmarkRow> rows)
        : DataViewRowCursor
    {
        private readonly ActiveColumns _active = new(schema, columns);
        private long _position = -1;

        private LandmarkRow Current => _position >= 0 ? rows.Current : throw Errors.NoCurrentRow();

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

        public override bool MoveNext()
        {
            bool moved = rows.MoveNext();
            _position = moved ? _position + 1 : -1;
            return moved;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id)
            => id = _position >= 0 ? new DataViewRowId((ulong)_position, 0) : throw Errors.NoCurrentRow();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _active.Check(column);
            Delegate getter = column.Index switch
            {
                0 => TextGetter(row => row.Id),
                1 when column.Type is TextDataViewType => TextGetter(row => row.Label.Text!),
                1 => (ValueGetter<int>)((ref int value) => value = (int)Current.Label.Number),
                _ => TextGetter(row => row.ImagePath),
            };
            return getter as ValueGetter<TValue> ?? throw Errors.GetterType(column.Name, column.Type, typeof(TValue));
        }

        private ValueGetter<ReadOnlyMemory<char>> TextGetter(Func<LandmarkRow, string> select) => (ref ReadOnlyMemory<char> value)
            => value = select(Current).AsMemory();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
