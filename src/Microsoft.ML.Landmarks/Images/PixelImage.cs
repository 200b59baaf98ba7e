using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>A decoded image.</summary>
/// <param name="width">Pixels in a row.</param>
/// <param name="height">Rows.</param>
/// <param name="buffers">Where its buffer is from.</param>
internal sealed class PixelImage(int width, int height, BufferPool buffers) : PixelRows(width, height)
{
    private byte[]? _buffer = buffers.Rent(checked(width * height * BytesPerPixel));

    /// <summary>At least width x height x 4 bytes.</summary>
    public byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PixelImage));

    public Span<byte> Pixels => Buffer.AsSpan(0, Width * Height * BytesPerPixel);

    public override ReadOnlySpan<byte> Row(int y) => Buffer.AsSpan(y * Width * BytesPerPixel, Width * BytesPerPixel);

    /// <summary>Checks what a file promises, before memory is taken for it.</summary>
    /// <exception cref="InvalidDataException">It promises more pixels than are allowed or can be decoded, or none.</exception>
    public static void CheckSides(FileBytes file, long width, long height, int maxPixels)
    {
        if (width * height > Math.Min(maxPixels, MostPixels))
            throw Errors.ImageTooLarge(file.Name, width, height, maxPixels, MostPixels);
        if (width <= 0 || height <= 0)
            throw Errors.NotAnImage(file.Name);
    }

    /// <exception cref="InvalidDataException">There is no memory for it.</exception>
    public static PixelImage Create(string name, int width, int height, Orientation orientation, BufferPool buffers,
        (int Width, int Height)? picture = null)
    {
        try
        {
            return new PixelImage(width, height, buffers) { Orientation = orientation, Picture = picture ?? (width, height) };
        }
        catch (OutOfMemoryException e)
        {
            throw Errors.ImageMemory(name, width, height, e);
        }
    }

    /// <summary>Copies the colors of an image, without the multiplication by alpha that ML.NET's images have.</summary>
    /// <exception cref="InvalidDataException">There is no memory for it.</exception>
    public static PixelImage From(MLImage image, Orientation orientation, BufferPool buffers)
    {
        PixelImage copy = Create("an image", image.Width, image.Height, orientation, buffers);
        Span<byte> pixels = copy.Pixels;
        image.Pixels.CopyTo(pixels);
        if (image.PixelFormat == MLPixelFormat.Bgra32)
        {
            for (int i = 0; i < pixels.Length; i += BytesPerPixel)
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }

        Transparency.Unpremultiply(pixels);
        return copy;
    }

    public override void Dispose()
    {
        byte[]? buffer = _buffer;
        _buffer = null;
        if (buffer is not null)
            buffers.Return(buffer);
    }
}
