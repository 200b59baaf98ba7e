using System.Buffers;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>A decoded image: 4 bytes a pixel (R, G, B, unused), rows from the top, in a pooled buffer.</summary>
internal sealed class PixelImage : IDisposable
{
    public const int BytesPerPixel = 4;

    private byte[]? _buffer;

    public PixelImage(int width, int height)
    {
        Width = width;
        Height = height;
        _buffer = ArrayPool<byte>.Shared.Rent(checked(width * height * BytesPerPixel));
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>At least <see cref="Width"/> x <see cref="Height"/> x 4 bytes.</summary>
    public byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PixelImage));

    public Span<byte> Pixels => Buffer.AsSpan(0, Width * Height * BytesPerPixel);

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

    public void Dispose()
    {
        byte[]? buffer = _buffer;
        _buffer = null;
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
