using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Reads columns of a view.</summary>
internal static class ViewReader
{
    /// <summary>The values of one column, of its raw type.</summary>
    public static T[] Values<T>(this IDataView view, string column)
    {
        DataViewSchema.Column source = view.Schema[column];
        using DataViewRowCursor cursor = view.GetRowCursor([source]);
        ValueGetter<T> get = cursor.GetGetter<T>(source);
        List<T> values = [];
        while (cursor.MoveNext())
        {
            T value = default!;
            get(ref value);
            values.Add(value);
        }

        return [.. values];
    }

    public static float[][] Vectors(this IDataView view, string column) => [.. view.Values<VBuffer<float>>(column).Select(v => v.DenseValues().ToArray())];

    public static string[] Texts(this IDataView view, string column) => [.. view.Values<ReadOnlyMemory<char>>(column).Select(v => v.ToString())];
}
