using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>A column with a list of numbers in each row, or with none.</summary>
/// <remarks>Parquet writes the numbers of all lists one after another. Beside each stands how deep it lies: in a list (2), or it stands for
/// an empty list (1), or for a missing one (0); and whether it goes on with the list before it (1) or begins a row (0).</remarks>
internal sealed class ListColumn<T> : ITableColumn where T : struct
{
    private const int Missing = 0, Empty = 1, InList = 2;

    private readonly DataField<T> _element = new("element", nullable: false);
    private readonly ListField _field;
    private readonly ArrayBufferWriter<T> _values = new();
    private readonly ArrayBufferWriter<int> _depths = new(), _continuations = new();
    private readonly List<(int Start, int Length)?> _lists = [];

    public ListColumn(string name) => _field = new ListField(name, _element);

    public Field Field => _field;

    public long Bytes => (long)_values.WrittenCount * Unsafe.SizeOf<T>() + 2L * _depths.WrittenCount * sizeof(int);

    /// <summary>Whether a row has a list.</summary>
    public bool Has(int place) => _lists[place] is not null;

    /// <summary>The list of a row that has one.</summary>
    public ReadOnlySpan<T> this[int place]
        => _lists[place] is (int start, int length) ? _values.WrittenSpan.Slice(start, length) : throw new UnreachableException();

    public void Add(ReadOnlySpan<T> list)
    {
        _values.Write(list);
        if (list.IsEmpty)
            Add(Empty, continuation: 0);
        for (int i = 0; i < list.Length; i++)
            Add(InList, continuation: i == 0 ? 0 : 1);
    }

    public void AddMissing() => Add(Missing, continuation: 0);

    public Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        => group.WriteAllPartsAsync<T>(_element, _values.WrittenMemory, _depths.WrittenMemory, _continuations.WrittenMemory, cancellation);

    public async Task ReadAsync(ParquetRowGroupReader group, ParquetSchema schema, CancellationToken cancellation)
    {
        Clear();
        DataField element = schema.Find(_element)!;
        int count = checked((int)group.GetMetadata(element)!.MetaData!.NumValues);
        // Not kept: columns of many files may be read at once.
        using IMemoryOwner<int> depths = MemoryPool<int>.Shared.Rent(count), continuations = MemoryPool<int>.Shared.Rent(count);
        await group.ReadRawAsync(element, _values.GetMemory(count)[..count], depths.Memory[..count], continuations.Memory[..count],
            cancellation);
        _values.Advance(count);
        FindLists(depths.Memory.Span[..count], continuations.Memory.Span[..count]);
        if (_lists.Count != group.RowCount)
            throw Errors.ListsOfTable(_lists.Count, group.RowCount);
    }

    public void Clear()
    {
        _values.ResetWrittenCount();
        _depths.ResetWrittenCount();
        _continuations.ResetWrittenCount();
        _lists.Clear();
    }

    private void Add(int depth, int continuation)
    {
        _depths.Write([depth]);
        _continuations.Write([continuation]);
    }

    private void FindLists(ReadOnlySpan<int> depths, ReadOnlySpan<int> continuations)
    {
        int start = 0;
        for (int i = 0; i < depths.Length;)
        {
            int length = 0;
            bool isMissing = depths[i] == Missing;
            do
                length += depths[i++] == InList ? 1 : 0;
            while (i < depths.Length && continuations[i] > 0);
            _lists.Add(isMissing ? null : (start, length));
            start += length;
        }
    }
}
