using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>Reads the rows of a Parquet file one after another; one group of them is in memory.</summary>
internal sealed class TableReader : IDisposable
{
    private readonly FileStream _file;
    private readonly IReadOnlyList<ITableColumn> _columns;
    private readonly CancellationToken _cancellation;
    private readonly ParquetReader _reader;
    private int _groups;
    private long _rowsOfGroup;

    /// <param name="file">The file.</param>
    /// <param name="columns">Those to read; they have the values of the row at <see cref="Place"/>.</param>
    /// <param name="cancellation">Ends reading.</param>
    /// <exception cref="JobFailedException">The file lacks a column, or that is of another type.</exception>
    public TableReader(string file, IReadOnlyList<ITableColumn> columns, CancellationToken cancellation)
    {
        (_columns, _cancellation) = (columns, cancellation);
        DataField[] fields = new ParquetSchema(columns.Select(column => column.Field)).GetDataFields();
        _file = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            _reader = ParquetReader.CreateAsync(_file, leaveStreamOpen: true, cancellationToken: cancellation).GetAwaiter().GetResult();
            if (Array.Find(fields, field => _reader.Schema.Find(field) is null) is { } missing)
                throw Errors.TableColumn(file, $"{missing.Path}");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The place of the row in the columns.</summary>
    public int Place { get; private set; } = -1;

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False where there is none.</returns>
    public bool MoveNext()
    {
        while (Place + 1 >= _rowsOfGroup)
        {
            if (_groups == _reader.RowGroupCount)
                return false;
            using ParquetRowGroupReader group = _reader.OpenRowGroupReader(_groups++);
            foreach (ITableColumn column in _columns)
                column.ReadAsync(group, _reader.Schema, _cancellation).GetAwaiter().GetResult();
            (Place, _rowsOfGroup) = (-1, group.RowCount);
        }

        Place++;
        return true;
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }
}
