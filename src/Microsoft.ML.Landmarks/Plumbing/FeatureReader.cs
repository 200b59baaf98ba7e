using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Reads a feature column, dense or sparse, as rows of unit length.</summary>
/// <remarks>
/// A row has a cosine to others unless a value is NaN or infinite, or all are 0. However small the others are, they have one: the squares
/// of Singles don't underflow in double precision, so that the unit row is as good as its values are.
/// </remarks>
internal sealed class FeatureReader
{
    private readonly LeftOutRows? _leftOut;
    private readonly VectorReader<float> _reader;
    private readonly float[] _row;

    /// <param name="row">The input.</param>
    /// <param name="column">What <see cref="GetColumn"/> found.</param>
    /// <param name="leftOut">Counts the rows that can't be used; null where nobody asks.</param>
    public FeatureReader(DataViewRow row, DataViewSchema.Column column, LeftOutRows? leftOut = null)
    {
        _leftOut = leftOut;
        Type = column.Type;
        _reader = new VectorReader<float>(row, column);
        _row = new float[((VectorDataViewType)column.Type).Size];
    }

    public DataViewType Type { get; }

    public int Dimension => _row.Length;

    /// <summary>The row that was read last, scaled to unit length.</summary>
    public ReadOnlySpan<float> UnitRow => _row;

    /// <param name="schema">The schema.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="dimension">How many values it must have; null for any known number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static DataViewSchema.Column GetColumn(DataViewSchema schema, string name, int? dimension)
    {
        DataViewSchema.Column column = schema.GetColumn("feature", name);
        if (column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            && vector.Size == (dimension ?? vector.Size))
            return column;
        throw Errors.ColumnType("feature", name, TypeName(dimension), column.Type.Describe());
    }

    public static string TypeName(int? dimension) => dimension is null ? "Vector<Single> of known size" : $"Vector<Single, {dimension}>";

    /// <summary>Reads the row at which the cursor stands.</summary>
    /// <returns>False for a row without a cosine.</returns>
    public bool TryRead()
    {
        _reader.Read().CopyTo(_row);
        if (!UnitVector.TryNormalize(_row))
        {
            _leftOut?.AddMissing();
            return false;
        }

        if (_row.AsSpan().ContainsAnyExcept(0f))
            return true;
        _leftOut?.AddZeros();
        return false;
    }
}
