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

    public static float[][] Vectors(this IDataView view, string column)
        => [.. view.Values<VBuffer<float>>(column).Select(v => v.DenseValues().ToArray())];

    public static string[] Texts(this IDataView view, string column)
        => [.. view.Values<ReadOnlyMemory<char>>(column).Select(v => v.ToString())];

    /// <summary>All values of all columns, row by row: numbers, strings and arrays.</summary>
    public static object[][] AllRows(this IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Func<object[]> read = CreateReader(cursor, view.Schema);
        List<object[]> rows = [];
        while (cursor.MoveNext())
            rows.Add(read());
        return [.. rows];
    }

    /// <summary>Reads the values of a row.</summary>
    public static Func<object[]> CreateReader(DataViewRow row, IEnumerable<DataViewSchema.Column> columns)
    {
        Func<object>[] readers = [.. columns.Select(column => column.Type.RawType switch
        {
            var t when t == typeof(int) => Reader<int>(row, column),
            var t when t == typeof(long) => Reader<long>(row, column),
            var t when t == typeof(bool) => Reader<bool>(row, column),
            var t when t == typeof(float) => Reader<float>(row, column),
            var t when t == typeof(ReadOnlyMemory<char>) => Reader<ReadOnlyMemory<char>>(row, column),
            var t when t == typeof(uint) => Reader<uint>(row, column),
            var t when t == typeof(VBuffer<int>) => Reader<VBuffer<int>>(row, column),
            var t when t == typeof(VBuffer<uint>) => Reader<VBuffer<uint>>(row, column),
            var t when t == typeof(VBuffer<long>) => Reader<VBuffer<long>>(row, column),
            var t when t == typeof(VBuffer<ReadOnlyMemory<char>>) => Reader<VBuffer<ReadOnlyMemory<char>>>(row, column),
            _ => Reader<VBuffer<float>>(row, column),
        })];
        return () => [.. readers.Select(read => read())];
    }

    public static void AssertSameRows(object[][] expected, object[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.HasCount(expected[row].Length, actual[row]);
            for (int column = 0; column < expected[row].Length; column++)
            {
                if (expected[row][column] is Array vector)
                    CollectionAssert.AreEqual(vector, (Array)actual[row][column], $"row {row}, column {column}");
                else
                    Assert.AreEqual(expected[row][column], actual[row][column], $"row {row}, column {column}");
            }
        }
    }

    private static Func<object> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return value switch
            {
                ReadOnlyMemory<char> text => text.ToString(),
                VBuffer<float> vector => vector.DenseValues().ToArray(),
                VBuffer<int> vector => vector.DenseValues().ToArray(),
                VBuffer<uint> vector => vector.DenseValues().ToArray(),
                VBuffer<long> vector => vector.DenseValues().ToArray(),
                VBuffer<ReadOnlyMemory<char>> vector => vector.DenseValues().Select(v => v.ToString()).ToArray(),
                _ => value!,
            };
        };
    }
}
