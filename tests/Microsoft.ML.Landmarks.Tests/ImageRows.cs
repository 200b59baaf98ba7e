using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>A photograph by its path.</summary>
internal sealed class PathRow
{
    public string ImagePath { get; set; } = "";
}

/// <summary>A photograph as the bytes of its file.</summary>
internal sealed class FileRow
{
    [VectorType]
    public byte[] File { get; set; } = [];
}

/// <summary>A photograph that is decoded already.</summary>
internal class DecodedRow
{
    public const int Side = 24;

    [ImageType(Side, Side)]
    public MLImage? Image { get; set; }
}

internal static class ImageExtensions
{
    /// <summary>Whether an image was not disposed yet.</summary>
    public static bool IsAlive(this MLImage image)
    {
        try
        {
            return image.Width > 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
