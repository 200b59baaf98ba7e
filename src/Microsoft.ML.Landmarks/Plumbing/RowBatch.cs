using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Some rows in a row: the values passed through, the row ids and the kernel with its outputs.</summary>
internal sealed class RowBatch : IDisposable
{
    /// <summary>The most bytes that the rows of a batch take where they are large, as images are. One row may take more.</summary>
    public const long MostBytes = 64 << 20;

    private readonly BatchTransformer.Binding _binding;
    private readonly DataViewRowCursor _input;
    private readonly ValueGetter<DataViewRowId> _getId;
    private readonly DataViewRowId[] _ids;
    private readonly Dictionary<int, SlotBuffer> _passedThrough = [];
    private readonly IBatchKernel _kernel;
    private long _heldBytes;

    public RowBatch(BatchTransformer.Binding binding, IEnumerable<DataViewSchema.Column> columns, DataViewRowCursor input,
        PassWarnings warnings)
    {
        _binding = binding;
        _input = input;
        _getId = input.GetIdGetter();
        _ids = new DataViewRowId[binding.BatchSize];
        foreach (DataViewSchema.Column column in binding.PassedThrough(columns))
            _passedThrough.Add(column.Index, SlotBuffer.Create(input, column, binding.BatchSize));
        _kernel = binding.CreateKernel(new BufferedRow(this), binding.BatchSize, warnings);
        binding.BeginUse();
    }

    /// <summary>How many rows there are to serve.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the input ends with these rows.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Whether the rows take more than <see cref="MostBytes"/>.</summary>
    public bool IsLarge => HeldBytes > MostBytes;

    /// <summary>What went wrong after the rows that there are to serve.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Reads and computes the next rows. Does not throw: a failure is kept for the consumer's thread.</summary>
    /// <param name="before">How many rows this pass has computed before.</param>
    /// <param name="stop">Nobody wants the rows any more.</param>
    public void Fill(long before, CancellationToken stop)
    {
        Count = 0;
        _heldBytes = 0;
        Failure = null;
        try
        {
            while (!IsFull && !IsLast)
            {
                _binding.CancellationToken.ThrowIfCancellationRequested();
                if (stop.IsCancellationRequested || !_input.MoveNext())
                    IsLast = true;
                else
                    ReadRow();
            }
        }
        catch (Exception e)
        {
            Failure = ExceptionDispatchInfo.Capture(e);
        }

        if (Count == 0 || stop.IsCancellationRequested)
            return;
        try
        {
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stop, _binding.CancellationToken);
            _kernel.Run(Count, _binding.CreateParallelOptions(cancellation.Token));
            _binding.Progress?.Report(before + Count);
        }
        catch (OperationCanceledException e) when (_binding.CancellationToken is { IsCancellationRequested: true } cancelled)
        {
            Count = 0;
            // With the caller's own token: by that, a task tells that it was cancelled and did not fail.
            Failure = ExceptionDispatchInfo.Capture(new OperationCanceledException(e.Message, e, cancelled));
        }
        catch (Exception e)
        {
            Count = 0;
            Failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    public DataViewRowId GetId(int slot) => _ids[slot];

    public Delegate GetGetter(DataViewSchema.Column column)
        => _binding.IsAdded(column) ? _kernel.GetGetter(column.Index - _binding.InputSchema.Count)
        : _passedThrough[column.Index].GetGetter();

    public void Dispose()
    {
        _kernel.Dispose();
        foreach (SlotBuffer buffer in _passedThrough.Values)
            buffer.Dispose();
        _binding.EndUse();
    }

    // Another row like those that there are would be too many bytes.
    private bool IsFull => Count == _ids.Length || (Count > 0 && HeldBytes > MostBytes / (Count + 1) * Count);

    private long HeldBytes => _heldBytes + _kernel.HeldBytes;

    private void ReadRow()
    {
        _getId(ref _ids[Count]);
        foreach (SlotBuffer buffer in _passedThrough.Values)
        {
            buffer.Read(Count);
            _heldBytes += buffer.BytesOf(Count);
        }

        _kernel.Read(Count, _input.Position);
        Count++;
    }

    /// <summary>The row being read, as the kernel sees it: a column that is passed through too is taken from its buffer, and so computed
    /// once.</summary>
    private sealed class BufferedRow(RowBatch batch) : DataViewRow
    {
        public override long Position => batch._input.Position;

        public override long Batch => batch._input.Batch;

        public override DataViewSchema Schema => batch._input.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => batch._input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => batch._input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!batch._passedThrough.TryGetValue(column.Index, out SlotBuffer? buffer))
                return batch._input.GetGetter<TValue>(column);
            var get = (SlotGetter<TValue>)buffer.GetGetter();
            return (ref TValue value) => get(batch.Count, ref value);
        }
    }
}
