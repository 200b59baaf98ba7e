namespace Microsoft.ML.Landmarks;

/// <summary>
/// An image that is read row by row from the top, 4 bytes a pixel (R, G, B, unused): a decoded one, or one that is decoded while it is
/// read and so is never held whole.
/// </summary>
internal abstract class PixelRows(int width, int height) : IDisposable
{
    public const int BytesPerPixel = 4;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>One row, valid until the next call. Rows are asked for from the top down; some may be left out.</summary>
    /// <exception cref="InvalidDataException">The file ends before the row does.</exception>
    public abstract ReadOnlySpan<byte> Row(int y);

    public abstract void Dispose();
}
