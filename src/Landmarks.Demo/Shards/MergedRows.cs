using System.Diagnostics;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Shards.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Shards;

/// <summary>The rows of all shards in the order in which one process would have embedded them: Id, Label and Features. They are read each
/// time that they are asked for; a group of rows of each shard is in memory then.</summary>
internal sealed class MergedRows : IDataView
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _files;
    private readonly long _count;
    private readonly CancellationToken _cancellation;

    /// <param name="folder">What messages call all of them.</param>
    /// <param name="files">Those of the shards.</param>
    /// <param name="count">How many rows they have together.</param>
    /// <param name="label">The column of labels.</param>
    /// <param name="embeddings">The column of embeddings, as the steps have it that made them.</param>
    /// <param name="cancellation">Ends reading.</param>
    public MergedRows(string folder, IReadOnlyList<string> files, long count, DataViewSchema.Column label,
        DataViewSchema.Column embeddings, CancellationToken cancellation)
    {
        (_folder, _files, _count, _cancellation) = (folder, files, count, cancellation);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Embedding.Id, TextDataViewType.Instance);
        builder.AddColumn(Embedding.Label, label.Type);
        builder.AddColumn(Embedding.Features, embeddings.Type, embeddings.Annotations);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(this, columnsNeeded.Select(column => column.Name).ToHashSet());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly MergedRows _rows;
        private readonly HashSet<string> _columns;
        private readonly List<Shard> _shards = [];
        private readonly PriorityQueue<Shard, long> _next = new();
        private Shard? _current;
        private long _position = -1;

        public Cursor(MergedRows rows, HashSet<string> columns)
        {
            (_rows, _columns) = (rows, columns);
            try
            {
                foreach (string file in rows._files)
                {
                    _shards.Add(new Shard(file, rows.Schema[Embedding.Label].Type, columns, rows._cancellation));
                    Queue(_shards[^1]);
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public override long Position => _current is null ? -1 : _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _rows.Schema;

        /// <exception cref="JobFailedException">The next row is in no file, or in two of them, or one too many.</exception>
        public override bool MoveNext()
        {
            _rows._cancellation.ThrowIfCancellationRequested();
            if (_current is not null)
                Queue(_current);
            if (!_next.TryDequeue(out _current, out long row))
                return _position + 1 >= _rows._count ? false : throw Errors.RowsOfShards(_rows._folder, _position + 1, _rows._count);
            _position++;
            return row == _position && row < _rows._count ? true : throw Errors.RowsOfShards(_rows._folder, _position, _rows._count);
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.Contains(column.Name);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate get = column.Name switch
            {
                Embedding.Id => (ValueGetter<ReadOnlyMemory<char>>)((ref id) => id = Current.Id),
                Embedding.Features => (ValueGetter<VBuffer<float>>)((ref values) => Current.GetEmbedding(Dimension, ref values)),
                _ => (ValueGetter<TValue>)((ref label) => label = Current.Label<TValue>()),
            };
            return (ValueGetter<TValue>)get;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 0);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _shards.ForEach(shard => shard.Dispose());
            base.Dispose(disposing);
        }

        private Shard Current => _current ?? throw new UnreachableException();

        private int Dimension => ((VectorDataViewType)Schema[Embedding.Features].Type).Size;

        private void Queue(Shard shard)
        {
            if (shard.MoveNext())
                _next.Enqueue(shard, shard.Row);
        }
    }

    /// <summary>A shard, at one of its rows.</summary>
    private sealed class Shard : IDisposable
    {
        private readonly string _file;
        private readonly EmbeddingColumns _columns;
        private readonly TableReader _reader;

        public Shard(string file, DataViewType label, IReadOnlySet<string> columns, CancellationToken cancellation)
        {
            _file = file;
            _columns = new EmbeddingColumns(label);
            _reader = new TableReader(file, _columns.Of(columns), cancellation);
        }

        public long Row => _columns.Row[_reader.Place];

        public ReadOnlyMemory<char> Id => _columns.Id[_reader.Place].AsMemory();

        public T Label<T>() => _columns.LabelOf<T>(_reader.Place);

        // What could not be read, the steps give as values that are all missing.
        public void GetEmbedding(int dimension, ref VBuffer<float> values)
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref values, dimension);
            if (!_columns.Embedding.Has(_reader.Place))
                editor.Values.Fill(float.NaN);
            else if (_columns.Embedding[_reader.Place] is var found && found.Length == dimension)
                found.CopyTo(editor.Values);
            else
                throw Errors.EmbeddingLength(_file, Row, found.Length, dimension);
            values = editor.Commit();
        }

        public bool MoveNext() => _reader.MoveNext();

        public void Dispose() => _reader.Dispose();
    }
}
