using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Maps one row at a time, as a prediction engine does, with the same kernels as the views.</summary>
internal sealed class SingleRowMapper(BatchTransformer.Binding binding) : IRowToRowMapper
{
    public DataViewSchema InputSchema => binding.InputSchema;

    public DataViewSchema OutputSchema => binding.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => binding.DependenciesOf([.. dependingColumns]);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Row(binding, input, [.. activeColumns]);
    }

    private sealed class Row : DataViewRow
    {
        private readonly BatchTransformer.Binding _binding;
        private readonly DataViewRow _input;
        private readonly ActiveColumns _active;
        private readonly PassWarnings _warnings;
        private readonly IBatchKernel? _kernel;
        private long _computed = long.MinValue;

        public Row(BatchTransformer.Binding binding, DataViewRow input, DataViewSchema.Column[] columns)
        {
            _binding = binding;
            _input = input;
            _active = new ActiveColumns(binding.OutputSchema, columns);
            _warnings = binding.CreateWarnings();
            _kernel = columns.Any(binding.IsAdded) ? binding.CreateKernel(input, capacity: 1, _warnings) : null;
        }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema => _binding.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _active.Check(column);
            if (!_binding.IsAdded(column))
                return _input.GetGetter<TValue>(_binding.InputSchema[column.Index]);
            var get = _kernel!.GetGetter(column.Index - _binding.InputSchema.Count) as SlotGetter<TValue>
                ?? throw Errors.GetterType(column.Name, column.Type, typeof(TValue));
            return (ref TValue value) =>
            {
                Compute();
                get(0, ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _kernel?.Dispose();
                _warnings.Dispose();
                // As ML.NET's rows do: a step before this one frees what it made for the row.
                _input.Dispose();
            }

            base.Dispose(disposing);
        }

        // The getters of one row share one computation.
        private void Compute()
        {
            if (_computed == _input.Position)
                return;
            _computed = long.MinValue;
            // Not for the life of the row: a prediction engine does not dispose its row.
            _binding.BeginUse();
            try
            {
                _kernel!.Read(0, _input.Position);
                _kernel.Run(1, _binding.CreateParallelOptions(_binding.CancellationToken));
            }
            finally
            {
                _binding.EndUse();
            }

            _computed = _input.Position;
        }
    }
}
