using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>Reads columns as text: a label is a number, a text or a key, neighbors are ids or positions.</summary>
internal static class TextColumn
{
    /// <summary>The view with a column in text, if it has such a column. A key without key values stays a key, of UInt64.</summary>
    public static IDataView Convert(MLContext ml, IDataView view, string name)
    {
        if (view.Schema.GetColumnOrNull(name) is not { } column)
            return view;
        DataViewType type = (column.Type as VectorDataViewType)?.ItemType ?? column.Type;
        if (type is TextDataViewType)
            return view;
        if (type is not KeyDataViewType)
            return ml.Transforms.Conversion.ConvertType(name, outputKind: DataKind.String).Fit(view).Transform(view);
        return column.Annotations.Schema.GetColumnOrNull("KeyValues") is null
            ? ml.Transforms.Conversion.ConvertType(name, outputKind: DataKind.UInt64).Fit(view).Transform(view)
            : Convert(ml, ml.Transforms.Conversion.MapKeyToValue(name).Fit(view).Transform(view), name);
    }

    /// <summary>Reads a column of text, and no more rows than are asked for.</summary>
    public static IEnumerable<string> Read(IDataView rows, string name, CancellationToken cancellation)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor([rows.Schema[name]]);
        Func<string> read = CreateReader(cursor, name);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return read();
        }
    }

    /// <summary>
    /// Reads a column that was converted and is no vector. A key without key values is read as ML.NET writes it, counted from 0; a missing
    /// one is empty.
    /// </summary>
    public static Func<string> CreateReader(DataViewRow row, string name)
    {
        DataViewSchema.Column column = row.Schema[name];
        if (column.Type is KeyDataViewType)
            return Reader(row.GetGetter<ulong>(column), key => key == 0 ? "" : (key - 1).ToString(CultureInfo.InvariantCulture));
        return Reader(row.GetGetter<ReadOnlyMemory<char>>(column), text => text.ToString());
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
