using System.Buffers;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>A column with a number in each row.</summary>
internal sealed class ValueColumn<T>(string name) : ITableColumn where T : struct
{
    private readonly DataField<T> _field = new(name, nullable: false);
    private readonly ArrayBufferWriter<T> _values = new();

    public Field Field => _field;

    public long Bytes => (long)_values.WrittenCount * Unsafe.SizeOf<T>();

    public T this[int place] => _values.WrittenSpan[place];

    public void Add(T value) => _values.Write([value]);

    public Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        => group.WriteAsync(_field, _values.WrittenMemory, cancellationToken: cancellation);

    public async Task ReadAsync(ParquetRowGroupReader group, ParquetSchema schema, CancellationToken cancellation)
    {
        Clear();
        int count = checked((int)group.RowCount);
        await group.ReadAsync(schema.Find(_field)!, _values.GetMemory(count)[..count], cancellationToken: cancellation);
        _values.Advance(count);
    }

    public void Clear() => _values.ResetWrittenCount();
}
