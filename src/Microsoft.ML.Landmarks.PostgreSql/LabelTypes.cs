using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Labels in a database, where they are text: numbers as the invariant culture writes them.</summary>
internal static class LabelTypes
{
    private const string Int32 = "int32", Int64 = "int64", Text = "text";

    /// <summary>What the database calls a type; null where labels of that type can't be there.</summary>
    public static string? NameOf(PrimitiveDataViewType type) => type is TextDataViewType ? Text
        : type == NumberDataViewType.Int32 ? Int32 : type == NumberDataViewType.Int64 ? Int64 : null;

    public static PrimitiveDataViewType Of(string name)
        => name switch { Text => TextDataViewType.Instance, Int64 => NumberDataViewType.Int64, _ => NumberDataViewType.Int32 };

    public static LandmarkLabel Read(PrimitiveDataViewType type, string text) => type is TextDataViewType
        ? new LandmarkLabel(0, text) : new LandmarkLabel(long.Parse(text, CultureInfo.InvariantCulture), null);
}
