using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Decodes the bytes of an image file with Skia's codecs: 8 bits a channel, no colour conversion, alpha dropped without premultiplying.
/// </summary>
internal static class ImageDecoder
{
    /// <param name="name">What messages call the file.</param>
    /// <param name="file">The whole file.</param>
    /// <param name="applyOrientation">Whether the EXIF orientation is obeyed.</param>
    /// <exception cref="InvalidDataException">The bytes are no image, end before the image does, or promise one that no array can hold.</exception>
    public static PixelImage Decode(string name, ReadOnlySpan<byte> file, bool applyOrientation)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
            throw Errors.NotAnImage(name);
        if ((long)codec.Info.Width * codec.Info.Height * PixelImage.BytesPerPixel > Array.MaxLength)
            throw Errors.ImageTooLarge(name, codec.Info.Width, codec.Info.Height);
        // No colour space: Skia leaves the levels as they are in the file.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        PixelImage image = new(info.Width, info.Height);
        if (!TryGetPixels(codec, info, image.Buffer))
        {
            image.Dispose();
            throw Errors.NotAnImage(name);
        }

        if (!applyOrientation || codec.EncodedOrigin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
            return image;
        using (image)
            return Orient(image, codec.EncodedOrigin);
    }

    private static bool TryGetPixels(SKCodec codec, SKImageInfo info, byte[] buffer)
    {
        GCHandle pinned = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        try
        {
            return codec.GetPixels(info, pinned.AddrOfPinnedObject()) == SKCodecResult.Success;
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>Moves each pixel to where the viewer wants it (EXIF 2.32, tag 0x0112).</summary>
    private static PixelImage Orient(PixelImage image, SKEncodedOrigin origin)
    {
        // A stored pixel (x, y) goes to start + x * right + y * down, counted in pixels of the result.
        int width = image.Width, height = image.Height;
        bool swapped = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var result = swapped ? new PixelImage(height, width) : new PixelImage(width, height);
        (int start, int right, int down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (width * height - 1, -1, -width),
            SKEncodedOrigin.BottomLeft => (width * (height - 1), 1, -width),
            SKEncodedOrigin.LeftTop => (0, height, 1),
            SKEncodedOrigin.RightTop => (height - 1, height, -1),
            SKEncodedOrigin.RightBottom => (width * height - 1, -height, -1),
            SKEncodedOrigin.LeftBottom => (height * (width - 1), -height, 1),
            _ => (0, 1, width),
        };
        ReadOnlySpan<int> source = MemoryMarshal.Cast<byte, int>(image.Pixels);
        Span<int> target = MemoryMarshal.Cast<byte, int>(result.Pixels);
        for (int y = 0; y < height; y++)
        {
            int to = start + y * down;
            foreach (int pixel in source.Slice(y * width, width))
            {
                target[to] = pixel;
                to += right;
            }
        }

        return result;
    }
}
