using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>Reads the rows of a Parquet file one after another; one group of them is in memory.</summary>
internal sealed class TableReader : IDisposable
{
    private readonly string _name;
    private readonly FileStream _file;
    private readonly IReadOnlyList<ITableColumn> _columns;
    private readonly CancellationToken _cancellation;
    private readonly ParquetReader _reader;
    private int _groups;
    private long _rowsOfGroup;

    /// <param name="file">The file.</param>
    /// <param name="columns">Those to read; they have the values of the row at <see cref="Place"/>.</param>
    /// <param name="cancellation">Ends reading.</param>
    /// <exception cref="JobFailedException">It is no Parquet file, or lacks a column, or that is of another type.</exception>
    public TableReader(string file, IReadOnlyList<ITableColumn> columns, CancellationToken cancellation)
    {
        (_name, _columns, _cancellation) = (file, columns, cancellation);
        DataField[] fields = new ParquetSchema(columns.Select(column => column.Field)).GetDataFields();
        _file = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            _reader = Read(() => ParquetReader.CreateAsync(_file, leaveStreamOpen: true, cancellationToken: cancellation));
            // Which is read when it is asked for.
            ParquetSchema schema = Read(() => Task.FromResult(_reader.Schema));
            if (Array.Find(fields, field => schema.Find(field) is null) is { } missing)
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
    /// <exception cref="JobFailedException">The file is damaged.</exception>
    public bool MoveNext()
    {
        while (Place + 1 >= _rowsOfGroup)
        {
            if (_groups == _reader.RowGroupCount)
                return false;
            (Place, _rowsOfGroup) = (-1, Read(() => ReadGroupAsync(_groups++)));
        }

        Place++;
        return true;
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private async Task<long> ReadGroupAsync(int place)
    {
        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(place);
        foreach (ITableColumn column in _columns)
            await column.ReadAsync(group, _reader.Schema, _cancellation);
        return group.RowCount;
    }

    // What the package says of a file that is not as it should be names none, and has many types.
    private T Read<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Errors.NoTable(_name, e.Message, e);
        }
    }
}
