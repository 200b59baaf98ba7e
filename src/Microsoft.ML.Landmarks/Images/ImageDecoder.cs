using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// Decodes the bytes of an image file with Skia's codecs, or with Magick.NET those that Skia has none for: 8 bits a channel, the
/// file's own colors unless told otherwise, alpha dropped without premultiplying.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The rows of an image. A JPEG is decoded while they are read.</summary>
    /// <param name="file">The whole file; its buffer goes back to the pool when the image is decoded or turns out to be none.</param>
    /// <param name="preparation">Whether it is turned, and what is allowed.</param>
    /// <param name="pixels">Where other images are decoded to.</param>
    /// <param name="resizedSides">The sides to which a picture of other sides, as it is shown, will be resized; null where all pixels are
    /// wanted, whatever is allowed.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are no image that can be decoded, end before the image does, or promise a larger one than is allowed or than there is
    /// memory for.
    /// </exception>
    public static PixelRows Open(FileBytes file, ImagePreparationOptions preparation, BufferPool pixels,
        ResizedSides? resizedSides = null)
    {
        if (ImageKinds.Of(file.Bytes) is { } kind && MagickDecoder.Reads(kind))
            return MagickDecoder.Decode(file, kind, preparation, pixels);
        var encoded = new EncodedImage(file, preparation);
        try
        {
            Orientation orientation = preparation.ApplyOrientation
                ? Orientation.Of(StoredOrientation.Of(encoded.Kind, encoded.Bytes)) : default;
            if (preparation.DecodeScaling == DecodeScaling.Fast && resizedSides is not null)
                encoded.Info = encoded.Info.WithSize(ScaledDecoding.SidesOf(encoded, orientation, resizedSides));
            return CanDecodeScanlines(encoded)
                ? new ScanlineRows(encoded, preparation.AcceptTruncated) { Orientation = orientation, Picture = encoded.Sides }
                : Decode(encoded, preparation, orientation, pixels);
        }
        catch
        {
            encoded.Dispose();
            throw;
        }
    }

    private static bool CanDecodeScanlines(EncodedImage encoded)
        => encoded.Kind == ImageKind.Jpeg && encoded.Codec.StartScanlineDecode(encoded.Info) == SKCodecResult.Success;

    private static PixelImage Decode(EncodedImage encoded, ImagePreparationOptions preparation, Orientation orientation, BufferPool pixels)
    {
        PixelImage image = PixelImage.Create(encoded.Name, encoded.Info.Width, encoded.Info.Height, orientation, pixels, encoded.Sides);
        GCHandle pinned = GCHandle.Alloc(image.Buffer, GCHandleType.Pinned);
        try
        {
            if (preparation.AcceptTruncated)
                image.Pixels.Clear();
            SKCodecResult result = encoded.Codec.GetPixels(encoded.Info, pinned.AddrOfPinnedObject());
            if (result != SKCodecResult.Success
                && !(preparation.AcceptTruncated && result is (SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput)))
                throw Errors.NotAnImage(encoded.Name);
            if (encoded.Kind == ImageKind.Gif)
                new GifBackground(encoded.Bytes).Fill(image.Pixels);
            encoded.Conversion?.Convert(pinned.AddrOfPinnedObject(), image.Width * image.Height);
            if (preparation.ComposeOnWhite && encoded.HasAlpha)
                Transparency.ComposeOnWhite(image.Pixels);
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
}
