using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Two kernels as one: the second computes from what the first makes of the rows, in the same batch.</summary>
internal sealed class ChainedKernel : IBatchKernel
{
    private readonly IBatchKernel _first, _second;
    private readonly Row _row;
    private readonly long[] _positions;

    /// <param name="first">Reads the input.</param>
    /// <param name="made">The columns that it makes, in the order of its outputs.</param>
    /// <param name="createSecond">Makes the one that reads those.</param>
    /// <param name="capacity">The most rows of a batch.</param>
    public ChainedKernel(IBatchKernel first, DataViewSchema made, Func<DataViewRow, IBatchKernel> createSecond, int capacity)
    {
        _first = first;
        _row = new Row(this, made);
        _positions = new long[capacity];
        _second = createSecond(_row);
    }

    public long HeldBytes => _first.HeldBytes;

    public void Read(int slot, long position)
    {
        _positions[slot] = position;
        _first.Read(slot, position);
    }

    public void Run(int count, ParallelOptions parallelism)
    {
        _first.Run(count, parallelism);
        for (int slot = 0; slot < count; slot++)
        {
            _row.Slot = slot;
            _second.Read(slot, _positions[slot]);
        }

        _second.Run(count, parallelism);
    }

    public Delegate GetGetter(int output) => _second.GetGetter(output);

    public void Dispose()
    {
        _second.Dispose();
        _first.Dispose();
    }

    /// <summary>A row as the first kernel has computed it.</summary>
    private sealed class Row(ChainedKernel kernel, DataViewSchema schema) : DataViewRow
    {
        public int Slot { get; set; }

        public override long Position => kernel._positions[Slot];

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var get = (SlotGetter<TValue>)kernel._first.GetGetter(column.Index);
            return (ref TValue value) => get(Slot, ref value);
        }
    }
}
