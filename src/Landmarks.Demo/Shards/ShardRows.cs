using Landmarks.Demo.Methods;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Shards;

/// <summary>The photographs of one shard, in the order of all: each stands at the place that it has among all, which messages name, and a
/// column tells.</summary>
/// <param name="all">All photographs.</param>
/// <param name="shard">Which of them.</param>
internal sealed class ShardRows(IDataView all, LandmarkShard shard) : IDataView
{
    /// <summary>The column of places, Int64.</summary>
    public const string Place = "Row";

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = CreateSchema(all.Schema);

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        IEnumerable<string> names = columnsNeeded.Where(column => column.Index < all.Schema.Count).Select(column => column.Name);
        return new Cursor(Schema, all.GetRowCursor(names.Append(Embedding.Id).Distinct().Select(name => all.Schema[name])), shard);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema CreateSchema(DataViewSchema all)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(all);
        builder.AddColumn(Place, NumberDataViewType.Int64);
        return builder.ToSchema();
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _all;
        private readonly LandmarkShard _shard;
        private readonly ValueGetter<ReadOnlyMemory<char>> _getId;
        private ReadOnlyMemory<char> _id;
        private long _place = -1;

        public Cursor(DataViewSchema schema, DataViewRowCursor all, LandmarkShard shard)
        {
            (Schema, _all, _shard) = (schema, all, shard);
            _getId = all.GetGetter<ReadOnlyMemory<char>>(all.Schema[Embedding.Id]);
        }

        public override long Position => _place;

        public override long Batch => 0;

        public override DataViewSchema Schema { get; }

        public override bool MoveNext()
        {
            while (_all.MoveNext())
            {
                _place++;
                _getId(ref _id);
                if (_shard.Holds(_id.ToString()))
                    return true;
            }

            _place = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column)
            => IsPlace(column) || _all.IsColumnActive(_all.Schema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsPlace(column)
            ? (ValueGetter<TValue>)(object)(ValueGetter<long>)((ref long place) => place = _place)
            : _all.GetGetter<TValue>(_all.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _all.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _all.Dispose();
            base.Dispose(disposing);
        }

        private bool IsPlace(DataViewSchema.Column column) => column.Index == _all.Schema.Count;
    }
}
