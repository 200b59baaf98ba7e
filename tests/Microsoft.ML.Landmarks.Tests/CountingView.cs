using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>A view that counts what is asked of it, can fail at a row, and can tell each row that is read.</summary>
internal sealed class CountingView(IDataView source, long failAt = long.MaxValue, Action<long>? read = null) : IDataView
{
    private int _openCursors;
    private int _cursors;
    private long _rows;

    public int OpenCursors => _openCursors;

    public int Cursors => _cursors;

    /// <summary>The columns that the last cursor was asked for, by name.</summary>
    public string[] Columns { get; private set; } = [];

    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>How often the values of each column were computed.</summary>
    public ConcurrentDictionary<string, int> Evaluations { get; } = new();

    /// <summary>The images that were handed out.</summary>
    public List<MLImage> Images { get; } = [];

    /// <summary>The most of them that were not disposed at once.</summary>
    public int MostLiveImages { get; private set; }

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Columns = [.. columns.Select(c => c.Name).Order(StringComparer.Ordinal)];
        return new Cursor(this, source.GetRowCursor(columns, rand), failAt, read);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly CountingView _view;
        private readonly DataViewRowCursor _source;
        private readonly long _failAt;
        private readonly Action<long>? _read;

        public Cursor(CountingView view, DataViewRowCursor source, long failAt, Action<long>? read)
        {
            (_view, _source, _failAt, _read) = (view, source, failAt, read);
            Interlocked.Increment(ref view._openCursors);
            Interlocked.Increment(ref view._cursors);
        }

        public override long Position => _source.Position;

        public override long Batch => _source.Batch;

        public override DataViewSchema Schema => _source.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _source.IsColumnActive(column);

        public override bool MoveNext()
        {
            if (!_source.MoveNext())
                return false;
            if (_source.Position == _failAt)
                throw new IOException($"row {_failAt} failed");
            Interlocked.Increment(ref _view._rows);
            _read?.Invoke(_source.Position);
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 77);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> get = _source.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                _view.Evaluations.AddOrUpdate(column.Name, 1, (_, n) => n + 1);
                get(ref value);
                if (value is not MLImage image)
                    return;
                _view.Images.Add(image);
                _view.MostLiveImages = Math.Max(_view.MostLiveImages, _view.Images.Count(i => i.IsAlive()));
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Interlocked.Decrement(ref _view._openCursors);
                _source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
