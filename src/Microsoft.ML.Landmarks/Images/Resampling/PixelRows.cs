namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// An image that is read row by row from the top of the file, 4 bytes a pixel (R, G, B, unused): a decoded one, or one that is decoded
/// while it is read and so is never held whole.
/// </summary>
internal abstract class PixelRows(int width, int height) : IDisposable
{
    public const int BytesPerPixel = 4;

    /// <summary>The most pixels of an image: no array holds more bytes.</summary>
    public static int MostPixels => Array.MaxLength / BytesPerPixel;

    /// <summary>Pixels in a row.</summary>
    public int Width { get; } = width;

    /// <summary>Rows.</summary>
    public int Height { get; } = height;

    /// <summary>The sides of the picture in the file: larger ones where the decoder made the rows smaller.</summary>
    public (int Width, int Height) Picture { get; init; } = (width, height);

    /// <summary>How the rows are shown. They come as they stand in the file: who makes something smaller of them turns that.</summary>
    public Orientation Orientation { get; init; }

    /// <summary>The width of the picture in the file, as it is shown.</summary>
    public int ShownWidth => Orientation.RowsAreColumns ? Picture.Height : Picture.Width;

    /// <summary>The height of the picture in the file, as it is shown.</summary>
    public int ShownHeight => Orientation.RowsAreColumns ? Picture.Width : Picture.Height;

    /// <summary>One row, valid until the next call. Rows are asked for from the top down; some may be left out.</summary>
    /// <exception cref="InvalidDataException">The file ends before the row does.</exception>
    public abstract ReadOnlySpan<byte> Row(int y);

    public abstract void Dispose();
}
