namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>The view that a <see cref="BatchTransformer"/> makes of its input.</summary>
internal sealed class BatchDataView(BatchTransformer.Binding binding, IDataView input) : IDataView
{
    // Batches follow the input's own order, so a cursor ignores its random numbers.
    public bool CanShuffle => false;

    public DataViewSchema Schema => binding.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        DataViewRowCursor source = input.GetRowCursor(binding.DependenciesOf(columns));
        try
        {
            return columns.Any(binding.IsAdded)
                ? new BatchCursor(binding, columns, source) : new PassThroughCursor(binding, columns, source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
}
