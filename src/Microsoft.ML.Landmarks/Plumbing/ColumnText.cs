using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>Reads the values of a column as text.</summary>
internal static class ColumnText
{
    /// <summary>Reads a text column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<string> CreateTextReader(DataViewRow row, string role, DataViewSchema.Column column)
        => column.Type is TextDataViewType
            ? Reader(row.GetGetter<ReadOnlyMemory<char>>(column), value => value.ToString())
            : throw Errors.ColumnType(role, column.Name, Errors.TextType, column.Type.Describe());

    /// <summary>Reads a label column: a text as it is, a number as the invariant culture writes it, a key as its key value; a missing key is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<string> CreateLabelReader(DataViewRow row, string role, DataViewSchema.Column column)
    {
        if (!LabelReader.IsAllowed(column.Type))
            throw Errors.ColumnType(role, column.Name, LabelReader.AllowedTypes, column.Type.Describe());
        if (column.Type is TextDataViewType)
            return CreateTextReader(row, role, column);
        string[]? keyValues = column.Type is KeyDataViewType ? KeyValues.Of(column)?.GetTexts() : null;
        return column.Type.RawType switch
        {
            var t when t == typeof(int) => Reader(row.GetGetter<int>(column), v => v.ToString(CultureInfo.InvariantCulture)),
            var t when t == typeof(long) => Reader(row.GetGetter<long>(column), v => v.ToString(CultureInfo.InvariantCulture)),
            var t when t == typeof(byte) => Reader(row.GetGetter<byte>(column), v => KeyText(v)),
            var t when t == typeof(ushort) => Reader(row.GetGetter<ushort>(column), v => KeyText(v)),
            var t when t == typeof(uint) => Reader(row.GetGetter<uint>(column), v => KeyText(v)),
            _ => Reader(row.GetGetter<ulong>(column), KeyText),
        };

        string KeyText(ulong key)
            => key == 0 ? "" : keyValues is not null && key <= (ulong)keyValues.Length ? keyValues[key - 1] : key.ToString(CultureInfo.InvariantCulture);
    }

    private static Func<string> Reader<T>(ValueGetter<T> get, Func<T, string> toText)
    {
        T value = default!;
        return () =>
        {
            get(ref value);
            return toText(value);
        };
    }
}
