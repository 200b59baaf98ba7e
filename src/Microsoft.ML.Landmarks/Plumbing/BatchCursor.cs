using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// Serves rows from one batch while the next is read and computed on another thread, so that in a chain the photographs of the next batch
/// are decoded while the network works on this one. Where a row alone takes more than a batch may, no other is read ahead.
/// </summary>
internal sealed class BatchCursor : DataViewRowCursor
{
    private readonly BatchTransformer.Binding _binding;
    private readonly ActiveColumns _active;
    private readonly DataViewRowCursor _input;
    private readonly PassWarnings _warnings;
    private readonly RowBatch[] _batches;
    private readonly CancellationTokenSource _stop = new();
    private Task? _ahead;
    private int _serving;
    private int _slot = -1;
    private long _position = -1;
    private long _computed;
    private bool _ended;
    private bool _isDisposed;

    public BatchCursor(BatchTransformer.Binding binding, IReadOnlyCollection<DataViewSchema.Column> columns, DataViewRowCursor input)
    {
        _binding = binding;
        _input = input;
        _active = new ActiveColumns(binding.OutputSchema, columns);
        _warnings = binding.CreateWarnings();
        _batches = [new RowBatch(binding, columns, input, _warnings), new RowBatch(binding, columns, input, _warnings)];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _binding.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override bool MoveNext()
    {
        if (_ended || (++_slot >= _batches[_serving].Count && !MoveToNextBatch()))
        {
            _ended = true;
            _position = -1;
            return false;
        }

        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = Current.GetId(CurrentSlot);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check(column);
        var getters = new SlotGetter<TValue>[_batches.Length];
        for (int i = 0; i < getters.Length; i++)
            getters[i] = _batches[i].GetGetter(column) as SlotGetter<TValue>
                ?? throw Errors.GetterType(column.Name, column.Type, typeof(TValue));
        return (ref TValue value) => getters[_serving](CurrentSlot, ref value);
    }

    protected override void Dispose(bool disposing)
    {
        // The base class hands on every call.
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _ended = true;
            _stop.Cancel();
            _ahead?.Wait();
            foreach (RowBatch batch in _batches)
                batch.Dispose();
            _input.Dispose();
            _warnings.Dispose();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private RowBatch Current => _batches[_serving];

    private int CurrentSlot => _position >= 0 ? _slot : throw Errors.NoCurrentRow();

    private bool MoveToNextBatch()
    {
        // Set first: a failure is thrown once, and the cursor has ended then.
        _ended = true;
        Current.Failure?.Throw();
        if (Current.IsLast)
            return false;
        if (_ahead is null)
        {
            Fill(_serving).Wait();
        }
        else
        {
            _ahead.Wait();
            _ahead = null;
            _serving = 1 - _serving;
        }

        _computed += Current.Count;
        // A second batch would take as much memory again.
        if (Current.Failure is null && !Current.IsLast && !Current.IsLarge)
            _ahead = Fill(1 - _serving);
        _slot = 0;
        if (Current.Count == 0)
        {
            Current.Failure?.Throw();
            return false;
        }

        _ended = false;
        return true;
    }

    private Task Fill(int batch) => Task.Run(() => _batches[batch].Fill(_computed, _stop.Token));
}
