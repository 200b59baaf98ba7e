using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Decodes the bytes of an image file with Skia's codecs: 8 bits a channel, no colour conversion, alpha dropped without premultiplying.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The rows of an image. A JPEG that need not be turned is decoded while its rows are read.</summary>
    /// <param name="file">The whole file; its buffer goes back to the pool when the image is decoded or turns out to be none.</param>
    /// <param name="preparation">Whether it is turned, and what is allowed.</param>
    /// <exception cref="InvalidDataException">The bytes are no image that can be decoded, end before the image does, or promise a larger one than is allowed.</exception>
    public static PixelRows Open(FileBytes file, ImagePreparationOptions preparation)
    {
        var encoded = new EncodedImage(file, preparation.MaxPixels);
        try
        {
            SKEncodedOrigin origin = preparation.ApplyOrientation ? StoredOrientation.Of(encoded.Kind, encoded.Bytes) : SKEncodedOrigin.TopLeft;
            PixelRows rows = CanDecodeScanlines(encoded) ? new ScanlineRows(encoded, preparation.AcceptTruncated) : Decode(encoded, preparation);
            if (origin == SKEncodedOrigin.TopLeft)
                return rows;
            using (rows)
                return Orient(rows, origin);
        }
        catch
        {
            encoded.Dispose();
            throw;
        }
    }

    private static bool CanDecodeScanlines(EncodedImage encoded)
        => encoded.Kind == ImageKind.Jpeg && encoded.Codec.StartScanlineDecode(encoded.Info) == SKCodecResult.Success;

    private static PixelImage Decode(EncodedImage encoded, ImagePreparationOptions preparation)
    {
        var image = new PixelImage(encoded.Info.Width, encoded.Info.Height);
        GCHandle pinned = GCHandle.Alloc(image.Buffer, GCHandleType.Pinned);
        try
        {
            if (preparation.AcceptTruncated)
                image.Pixels.Clear();
            SKCodecResult result = encoded.Codec.GetPixels(encoded.Info, pinned.AddrOfPinnedObject());
            if (result != SKCodecResult.Success && !(preparation.AcceptTruncated && result is (SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput)))
                throw Errors.NotAnImage(encoded.Name);
            if (preparation.ComposeOnWhite && encoded.HasAlpha)
                ComposeOnWhite(image.Pixels);
        }
        catch
        {
            pinned.Free();
            image.Dispose();
            throw;
        }

        pinned.Free();
        encoded.Dispose();
        return image;
    }

    private static void ComposeOnWhite(Span<byte> pixels)
    {
        for (; !pixels.IsEmpty; pixels = pixels[PixelRows.BytesPerPixel..])
        {
            int alpha = pixels[3];
            for (int channel = 0; channel < 3; channel++)
                pixels[channel] = (byte)((pixels[channel] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
    }

    /// <summary>Moves each pixel to where the viewer wants it (EXIF 2.32, tag 0x0112).</summary>
    private static PixelImage Orient(PixelRows rows, SKEncodedOrigin origin)
    {
        // A stored pixel (x, y) goes to start + x * right + y * down, counted in pixels of the result.
        int width = rows.Width, height = rows.Height;
        bool swapped = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
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
        var result = swapped ? new PixelImage(height, width) : new PixelImage(width, height);
        try
        {
            Span<int> target = MemoryMarshal.Cast<byte, int>(result.Pixels);
            for (int y = 0; y < height; y++)
            {
                int to = start + y * down;
                foreach (int pixel in MemoryMarshal.Cast<byte, int>(rows.Row(y)))
                {
                    target[to] = pixel;
                    to += right;
                }
            }

            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }
}
