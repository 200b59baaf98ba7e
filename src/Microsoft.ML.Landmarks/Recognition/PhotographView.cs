using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>Photographs as the rows that a model reads: all columns that it was fitted with, of which one holds something.</summary>
internal sealed class PhotographView : IDataView
{
    private readonly DataViewSchema.Column _photographs;
    private readonly Func<int, object> _get;
    private readonly int _count;

    private PhotographView(DataViewSchema schema, string columnName, DataViewType type, string given, int count, Func<int, object> get)
    {
        Given = given;
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in schema)
            builder.AddColumn(column.Name, column.Name == columnName ? type : column.Type, column.Annotations);
        Schema = builder.ToSchema();
        (_photographs, _count, _get) = (Schema[columnName], count, get);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>What messages call that which is given for a photograph.</summary>
    public string Given { get; }

    /// <param name="schema">The schema that the model was fitted with.</param>
    /// <param name="columnName">The column of photographs.</param>
    /// <param name="paths">Their paths.</param>
    public static PhotographView Of(DataViewSchema schema, string columnName, IReadOnlyList<string> paths)
        => new(schema, columnName, TextDataViewType.Instance, "a path", paths.Count, i => paths[i].AsMemory());

    /// <param name="schema">The schema that the model was fitted with.</param>
    /// <param name="columnName">The column of photographs.</param>
    /// <param name="files">The bytes of their files.</param>
    public static PhotographView Of(DataViewSchema schema, string columnName, IReadOnlyList<byte[]> files)
        => new(schema, columnName, new VectorDataViewType(NumberDataViewType.Byte), "the bytes of a file", files.Count,
            i => new VBuffer<byte>(files[i].Length, files[i]));

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(PhotographView view, IEnumerable<DataViewSchema.Column> columns) : DataViewRowCursor
    {
        private readonly ActiveColumns _active = new(view.Schema, columns);
        private int _row = -1;

        public override long Position => _row < view._count ? _row : -1;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

        public override bool MoveNext()
        {
            _row = Math.Min(_row + 1, view._count);
            return _row < view._count;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Current, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _active.Check(column);
            if (column.Type.RawType != typeof(TValue))
                throw Errors.GetterType(column.Name, column.Type, typeof(TValue));
            // What the model was fitted with besides is the empty value of its type.
            return column.Index == view._photographs.Index
                ? (ref TValue value) => value = (TValue)view._get(Current) : (ref TValue value) => value = default!;
        }

        private int Current => Position >= 0 ? _row : throw Errors.NoCurrentRow();
    }
}
