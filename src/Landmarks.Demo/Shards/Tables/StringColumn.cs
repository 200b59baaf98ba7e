using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>A column with a text in each row.</summary>
internal sealed class StringColumn(string name) : ITableColumn
{
    private readonly DataField _field = new(name, typeof(string), isNullable: false);
    private string?[] _read = [];
    private readonly List<string> _added = [];

    public Field Field => _field;

    public long Bytes { get; private set; }

    public string this[int place] => _read[place]!;

    public void Add(string value)
    {
        _added.Add(value);
        Bytes += (long)value.Length * sizeof(char);
    }

    public Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) => group.WriteAsync(_field, _added);

    public async Task ReadAsync(ParquetRowGroupReader group, ParquetSchema schema, CancellationToken cancellation)
    {
        _read = new string?[group.RowCount];
        await group.ReadAsync(schema.Find(_field)!, _read.AsMemory(), cancellationToken: cancellation);
    }

    public void Clear()
    {
        _added.Clear();
        Bytes = 0;
    }
}
