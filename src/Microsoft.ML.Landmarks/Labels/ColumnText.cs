using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Labels;

/// <summary>Reads the values of a column as text.</summary>
internal static class ColumnText
{
    private const string AllowedTypes = $"{LabelReader.AllowedTypes}, or a vector of one of these";

    /// <summary>Reads a text column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<string> CreateTextReader(DataViewRow row, string role, DataViewSchema.Column column)
        => column.Type is TextDataViewType
            ? Reader(row.GetGetter<ReadOnlyMemory<char>>(column), value => value.ToString())
            : throw Errors.ColumnType(role, column.Name, Errors.TextType, column.Type.Describe());

    /// <summary>
    /// Reads a label column: a text as it is, a number as the invariant culture writes it, a key as its key value. A key without key values
    /// is read as ML.NET writes it, counted from 0. A missing key is empty.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<string> CreateLabelReader(DataViewRow row, string role, DataViewSchema.Column column)
    {
        if (!LabelReader.IsAllowed(column.Type))
            throw Errors.ColumnType(role, column.Name, LabelReader.AllowedTypes, column.Type.Describe());
        Func<string?[]> read = CreateLabelsReader(row, role, column);
        return () => read()[0] ?? "";
    }

    /// <summary>Reads a label column or a vector of labels, each as <see cref="CreateLabelReader"/> does; a missing key is null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<string?[]> CreateLabelsReader(DataViewRow row, string role, DataViewSchema.Column column)
    {
        DataViewType type = (column.Type as VectorDataViewType)?.ItemType ?? column.Type;
        if (!LabelReader.IsAllowed(type))
            throw Errors.ColumnType(role, column.Name, AllowedTypes, column.Type.Describe());
        string[]? keyValues = type is KeyDataViewType ? KeyValues.Of(column)?.GetTexts() : null;
        return type.RawType switch
        {
            _ when type is TextDataViewType => Values<ReadOnlyMemory<char>>(v => v.ToString()),
            var t when t == typeof(int) => Values<int>(v => v.ToString(CultureInfo.InvariantCulture)),
            var t when t == typeof(long) => Values<long>(v => v.ToString(CultureInfo.InvariantCulture)),
            var t when t == typeof(byte) => Values<byte>(v => KeyText(v)),
            var t when t == typeof(ushort) => Values<ushort>(v => KeyText(v)),
            var t when t == typeof(uint) => Values<uint>(v => KeyText(v)),
            _ => Values<ulong>(KeyText),
        };

        Func<string?[]> Values<T>(Func<T, string?> toText)
            => column.Type is VectorDataViewType
                ? Reader(row.GetGetter<VBuffer<T>>(column), values => values.DenseValues().Select(toText).ToArray())
                : Reader(row.GetGetter<T>(column), value => new[] { toText(value) });

        string? KeyText(ulong key)
        {
            if (key == 0 || (keyValues is not null && key > (ulong)keyValues.Length))
                return null;
            return keyValues is null ? (key - 1).ToString(CultureInfo.InvariantCulture) : keyValues[key - 1];
        }
    }

    /// <summary>Reads a column, and makes something of its values.</summary>
    public static Func<TResult> Reader<T, TResult>(ValueGetter<T> get, Func<T, TResult> convert)
    {
        T value = default!;
        return () =>
        {
            get(ref value);
            return convert(value);
        };
    }
}
