using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>The rows of the input where none of the added columns is asked for: nothing is computed or buffered.</summary>
internal sealed class PassThroughCursor(BatchTransformer.Binding binding, IEnumerable<DataViewSchema.Column> columns,
    DataViewRowCursor input) : DataViewRowCursor
{
    private readonly ActiveColumns _active = new(binding.OutputSchema, columns);

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => binding.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check(column);
        return input.GetGetter<TValue>(binding.InputSchema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
