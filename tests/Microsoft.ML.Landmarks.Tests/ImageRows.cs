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

/// <summary>A prepared image.</summary>
internal sealed class PreparedRow
{
    public float[] Pixels { get; set; } = [];

    /// <summary>Images [3, size, size], all of one size.</summary>
    public static IDataView View(MLContext mlContext, params IReadOnlyList<PreparedRow> images)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(PreparedRow));
        int size = (int)Math.Sqrt(images[0].Pixels.Length / 3);
        definition[nameof(Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, size, size);
        return mlContext.Data.LoadFromEnumerable(images, definition);
    }
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
