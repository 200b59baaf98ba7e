using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The paths of photographs.</summary>
internal static class ImagePaths
{
    /// <summary>Reads no photograph, and no more rows than are asked for.</summary>
    public static IEnumerable<string> Of(IDataView rows, CancellationToken cancellation)
        => OfRows(rows, cancellation).Select(row => row.Path);

    /// <summary>The same with the positions of the rows, by which messages name them.</summary>
    public static IEnumerable<(long Row, string Path)> OfRows(IDataView rows, CancellationToken cancellation)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor([rows.Schema["ImagePath"]]);
        Func<string> read = TextColumn.CreateReader(cursor, "ImagePath");
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return (cursor.Position, read());
        }
    }
}
