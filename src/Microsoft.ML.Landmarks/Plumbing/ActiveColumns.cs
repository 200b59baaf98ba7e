namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Which columns of a schema a consumer asked for.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _isActive;

    public ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        _isActive = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns)
            _isActive[column.Index] = true;
    }

    public bool Contains(DataViewSchema.Column column) => _isActive[column.Index];

    /// <exception cref="ArgumentOutOfRangeException">The column was not asked for.</exception>
    public void Check(DataViewSchema.Column column)
    {
        if (!Contains(column))
            throw Errors.InactiveColumn(column.Name);
    }
}
