using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>Writes rows to a Parquet file in groups, one of which is in memory.</summary>
/// <remarks>Nothing in the file depends on when or where it is written. It is not compressed: embeddings hardly can be.</remarks>
internal sealed class TableWriter
{
    // As many groups as there are shards are in memory when their rows are read in order.
    private const long BytesOfGroup = 1 << 20;

    private readonly IReadOnlyList<ITableColumn> _columns;
    private readonly CancellationToken _cancellation;
    private readonly ParquetWriter _writer;
    private bool _hasRows;

    /// <param name="stream">The file, which stays open.</param>
    /// <param name="columns">Are given the values of a row before each <see cref="EndRow"/>.</param>
    /// <param name="cancellation">Ends writing.</param>
    public TableWriter(Stream stream, IReadOnlyList<ITableColumn> columns, CancellationToken cancellation)
    {
        (_columns, _cancellation) = (columns, cancellation);
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => column.Field)), stream,
            new ParquetOptions { CompressionMethod = CompressionMethod.None }, cancellationToken: cancellation).GetAwaiter().GetResult();
    }

    /// <summary>How many rows there are.</summary>
    public long Rows { get; private set; }

    public void EndRow()
    {
        Rows++;
        _hasRows = true;
        if (_columns.Sum(column => column.Bytes) >= BytesOfGroup)
            WriteGroup();
    }

    /// <summary>Writes what is left; without that it is no Parquet file.</summary>
    public void Complete()
    {
        if (_hasRows)
            WriteGroup();
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void WriteGroup()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        foreach (ITableColumn column in _columns)
        {
            column.WriteAsync(group, _cancellation).GetAwaiter().GetResult();
            column.Clear();
        }

        _hasRows = false;
    }
}
