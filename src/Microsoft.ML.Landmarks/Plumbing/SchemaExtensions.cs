using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Columns by name, with the errors that ML.NET's own steps give.</summary>
internal static class SchemaExtensions
{
    /// <param name="schema">The schema.</param>
    /// <param name="role">What messages call the column.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static DataViewSchema.Column GetColumn(this DataViewSchema schema, string role, string name)
        => schema.GetColumnOrNull(name) ?? throw Errors.ColumnMissing(role, name);

    /// <inheritdoc cref="GetColumn(DataViewSchema, string, string)"/>
    public static SchemaShape.Column GetColumn(this SchemaShape shape, string role, string name)
    {
        foreach (SchemaShape.Column column in shape)
        {
            if (column.Name == name)
                return column;
        }

        throw Errors.ColumnMissing(role, name);
    }

    /// <summary>The shape with more columns; one of the same name is replaced, as a later column hides an earlier one.</summary>
    public static SchemaShape With(this SchemaShape shape, params IReadOnlyCollection<SchemaShape.Column> added)
        => new([.. shape.Where(c => added.All(a => a.Name != c.Name)), .. added]);

    /// <summary>A type as ML.NET prints it, but a vector of variable size, which it prints as one of unknown size, is called so.</summary>
    public static string Describe(this DataViewType type)
        => type is VectorDataViewType { IsKnownSize: false } vector ? VariableVector(vector.ItemType) : type.ToString()!;

    /// <inheritdoc cref="Describe(DataViewType)"/>
    public static string Describe(this SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => item,
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            _ => VariableVector(item),
        };
    }

    private static string VariableVector(object item) => $"Vector<{item}> of variable size";
}
