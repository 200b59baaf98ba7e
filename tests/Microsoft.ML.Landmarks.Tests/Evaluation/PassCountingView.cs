using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Evaluation;

/// <summary>Hands out the cursors of another view and counts them; optionally fails at a row.</summary>
internal sealed class PassCountingView(IDataView view, long failAtRow = long.MaxValue) : IDataView
{
    /// <summary>How often the rows were asked for.</summary>
    public int Passes { get; private set; }

    /// <summary>The columns that the last pass asked for.</summary>
    public string[] Columns { get; private set; } = [];

    public bool CanShuffle => view.CanShuffle;

    public DataViewSchema Schema => view.Schema;

    public long? GetRowCount() => view.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Passes++;
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Columns = [.. columns.Select(c => c.Name).Order(StringComparer.Ordinal)];
        return new Cursor(view.GetRowCursor(columns, rand), failAtRow);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor cursor, long failAtRow) : DataViewRowCursor
    {
        public override long Position => cursor.Position;

        public override long Batch => cursor.Batch;

        public override DataViewSchema Schema => cursor.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => cursor.IsColumnActive(column);

        public override bool MoveNext() => cursor.Position + 1 < failAtRow ? cursor.MoveNext() : throw new IOException($"Row {failAtRow} can't be read.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => cursor.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => cursor.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                cursor.Dispose();
            base.Dispose(disposing);
        }
    }
}
