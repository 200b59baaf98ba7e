using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The paths of photographs.</summary>
internal static class ImagePaths
{
    /// <summary>Reads no photograph, and no more rows than are asked for.</summary>
    public static IEnumerable<string> Of(IDataView rows, CancellationToken cancellation)
        => TextColumn.Read(rows, "ImagePath", cancellation);
}
