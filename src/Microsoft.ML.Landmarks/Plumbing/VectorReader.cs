using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// Reads a vector column, dense or sparse. ML.NET does not check that a row has as many values as the column's type says; copied into a
/// buffer that is used again, a shorter one would keep the end of an earlier row.
/// </summary>
internal sealed class VectorReader<T>
{
    private readonly DataViewRow _row;
    private readonly string _name;
    private readonly int _size;
    private readonly ValueGetter<VBuffer<T>> _get;
    private VBuffer<T> _read;

    /// <param name="row">The input.</param>
    /// <param name="column">A vector of <typeparamref name="T"/>; where its size is variable, a row may have any.</param>
    /// <param name="values">Where to read rows to; null for an array that is made with the first.</param>
    public VectorReader(DataViewRow row, DataViewSchema.Column column, T[]? values = null)
    {
        _row = row;
        _name = column.Name;
        _size = ((VectorDataViewType)column.Type).Size;
        _get = row.GetGetter<VBuffer<T>>(column);
        if (values is not null)
            _read = new VBuffer<T>(values.Length, values);
    }

    /// <summary>Reads the row at which the input stands.</summary>
    /// <returns>Valid until the next is read.</returns>
    /// <exception cref="InvalidOperationException">
    /// It has more or fewer values than the column's type says; one that is null has none.
    /// </exception>
    public ref readonly VBuffer<T> Read()
    {
        _get(ref _read);
        if (_size > 0 && _read.Length != _size)
            throw Errors.VectorLength(_row.Position, _name, _size, _read.Length);
        return ref _read;
    }
}
