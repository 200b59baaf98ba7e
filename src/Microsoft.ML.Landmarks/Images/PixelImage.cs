using System.Buffers;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>A decoded image in a pooled buffer.</summary>
internal sealed class PixelImage(int width, int height) : PixelRows(width, height)
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(checked(width * height * BytesPerPixel));

    /// <summary>At least width x height x 4 bytes.</summary>
    public byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PixelImage));

    public Span<byte> Pixels => Buffer.AsSpan(0, Width * Height * BytesPerPixel);

    public override ReadOnlySpan<byte> Row(int y) => Buffer.AsSpan(y * Width * BytesPerPixel, Width * BytesPerPixel);

    /// <summary>Copies the colours of an image as they are.</summary>
    public static PixelImage From(MLImage image)
    {
        var copy = new PixelImage(image.Width, image.Height);
        Span<byte> pixels = copy.Pixels;
        image.Pixels.CopyTo(pixels);
        if (image.PixelFormat == MLPixelFormat.Bgra32)
        {
            for (int i = 0; i < pixels.Length; i += BytesPerPixel)
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }

        return copy;
    }

    /// <summary>Reads an image to its end.</summary>
    public static PixelImage CopyOf(PixelRows rows)
    {
        var copy = new PixelImage(rows.Width, rows.Height);
        try
        {
            for (int y = 0; y < rows.Height; y++)
                rows.Row(y).CopyTo(copy.Pixels[(y * rows.Width * BytesPerPixel)..]);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        byte[]? buffer = _buffer;
        _buffer = null;
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
