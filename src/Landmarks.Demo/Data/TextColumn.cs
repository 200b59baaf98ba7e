using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>Reads columns as text: a label is a number, a text or a key, neighbors are ids or positions.</summary>
internal static class TextColumn
{
    /// <summary>The view with a column in text; as it is where it has no such column.</summary>
    public static IDataView Convert(MLContext ml, IDataView view, string name)
    {
        if (view.Schema.GetColumnOrNull(name) is not { } column)
            return view;
        DataViewType type = (column.Type as VectorDataViewType)?.ItemType ?? column.Type;
        if (type is TextDataViewType)
            return view;
        if (type is KeyDataViewType)
            return Convert(ml, ml.Transforms.Conversion.MapKeyToValue(name).Fit(view).Transform(view), name);
        return ml.Transforms.Conversion.ConvertType(name, outputKind: DataKind.String).Fit(view).Transform(view);
    }

    /// <summary>The values of a column that is no vector, in the order of the rows.</summary>
    public static string[] Read(MLContext ml, IDataView view, string name) => [.. Convert(ml, view, name).GetColumn<string>(name)];
}
