using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The paths of photographs.</summary>
internal static class ImagePaths
{
    /// <summary>Reads no photograph, and no more rows than are asked for.</summary>
    public static IEnumerable<string> Of(IDataView rows, CancellationToken cancellation)
    {
        DataViewSchema.Column column = rows.Schema["ImagePath"];
        using DataViewRowCursor cursor = rows.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> get = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> path = default;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            get(ref path);
            yield return path.ToString();
        }
    }
}
