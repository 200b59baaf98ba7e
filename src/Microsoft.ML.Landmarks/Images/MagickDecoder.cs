using ImageMagick;
using ImageMagick.Factories;
using Microsoft.ML.Landmarks.Images.Magick;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;
using Orientation = Microsoft.ML.Landmarks.Images.Resampling.Orientation;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// Decodes the kinds that Skia does not know by Magick.NET, where the program references it: the nearest level of 8 bits, the file's
/// own colors unless told otherwise, alpha dropped. It is told what a file is, and looks for nothing else in it.
/// </summary>
internal static class MagickDecoder
{
    public static bool Reads(ImageKind kind)
        => kind is ImageKind.Heic or ImageKind.Avif or ImageKind.Tiff or ImageKind.JpegXl or ImageKind.Jpeg2000;

    /// <summary>The first picture of a file.</summary>
    /// <param name="file">The whole file; its buffer goes back to the pool.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="preparation">Whether it is turned, and what is allowed.</param>
    /// <param name="pixels">Where it is decoded to.</param>
    /// <exception cref="InvalidDataException">As <see cref="ImageDecoder.Open"/> says; or there is no Magick.NET.</exception>
    public static PixelImage Decode(FileBytes file, ImageKind kind, ImagePreparationOptions preparation, BufferPool pixels)
    {
        using FileBytes closed = file;
        IMagickFactory<byte> magick = Factory(file.Name, kind);
        try
        {
            return Decode(magick, file, file.Bytes, kind, preparation, pixels);
        }
        catch (MagickException e) when (e is MagickBlobErrorException or MagickFileOpenErrorException)
        {
            throw Errors.MagickTemporaryFile(file.Name, ImageKinds.NameOf(kind), e);
        }
        catch (MagickException) when (preparation.AcceptTruncated)
        {
            // No decoder gives what it has of a file that ends early; some go on where it is as long as it says, whatever follows.
            byte[] filledUp = new byte[2 * file.Length];
            file.Bytes.CopyTo(filledUp);
            try
            {
                return Decode(magick, file, filledUp, kind, preparation, pixels);
            }
            catch (MagickException e)
            {
                throw Errors.NotAnImage(file.Name, e);
            }
        }
        catch (MagickException e)
        {
            throw Errors.NotAnImage(file.Name, e);
        }
    }

    private static IMagickFactory<byte> Factory(string name, ImageKind kind)
    {
        IMagickFactory<byte>? factory;
        try
        {
            factory = MagickPackage.Factory;
        }
        catch (Exception e)
        {
            throw Errors.MagickNotLoaded(name, ImageKinds.NameOf(kind), e.GetBaseException());
        }

        return factory ?? throw Errors.MagickMissing(name, ImageKinds.NameOf(kind));
    }

    private static PixelImage Decode(IMagickFactory<byte> magick, FileBytes file, ReadOnlySpan<byte> content, ImageKind kind,
        ImagePreparationOptions preparation, BufferPool pixels)
    {
        if (kind == ImageKind.Jpeg2000)
            Check(file, Jpeg2000Header.Of(content), preparation.MaxPixels);
        IMagickReadSettings<byte> settings = Settings(magick, content, kind, preparation);
        using IMagickImage<byte> decoded = magick.Image.Create();
        decoded.Ping(content, settings);
        // What the header promises, before anything is decoded.
        PixelImage.CheckSides(file, decoded.Width, decoded.Height, preparation.MaxPixels);
        PixelImage image = PixelImage.Create(file.Name, (int)decoded.Width, (int)decoded.Height,
            preparation.ApplyOrientation ? OrientationOf(decoded, kind) : default, pixels);
        try
        {
            decoded.Read(content, settings);
            // By its header it is what memory was taken for.
            if ((decoded.Width, decoded.Height) != ((uint)image.Width, (uint)image.Height))
                throw Errors.NotAnImage(file.Name);
            Copy(decoded, image.Pixels);
            if (preparation.ConvertToSrgb)
                Convert(decoded, image);
            if (preparation.ComposeOnWhite && decoded.HasAlpha)
                Transparency.ComposeOnWhite(image.Pixels);
            return image;
        }
        catch (Exception e)
        {
            image.Dispose();
            if (e is MagickCacheErrorException or MagickResourceLimitErrorException)
                throw Errors.ImageMemory(file.Name, image.Width, image.Height, e);
            throw;
        }
    }

    private static IMagickReadSettings<byte> Settings(IMagickFactory<byte> magick, ReadOnlySpan<byte> content, ImageKind kind,
        ImagePreparationOptions preparation)
    {
        IMagickReadSettings<byte> settings = magick.Settings.CreateMagickReadSettings();
        settings.Format = kind switch
        {
            ImageKind.Heic => MagickFormat.Heic,
            ImageKind.Avif => MagickFormat.Avif,
            ImageKind.Tiff => MagickFormat.Tiff,
            ImageKind.JpegXl => MagickFormat.Jxl,
            _ => content[0] == 0 ? MagickFormat.Jp2 : MagickFormat.J2k,
        };
        settings.FrameIndex = 0;
        settings.FrameCount = 1;
        // HEIF is turned by its own properties, and JPEG XL by its header: what EXIF says beside them is what the camera said once.
        settings.SyncImageWithExifProfile = false;
        settings.SetDefine("heic:preserve-orientation", preparation.ApplyOrientation ? "false" : "true");
        // Photoshop's layers.
        settings.SetDefine("tiff:ignore-layers", "true");
        return settings;
    }

    private static void Check(FileBytes file, Jpeg2000Header header, int maxPixels)
    {
        if (header.Tiles > 0)
            PixelImage.CheckSides(file, header.Width, header.Height, maxPixels);
        if (header.HasTooManyTiles)
            throw Errors.NotAnImage(file.Name);
    }

    // HEIF's turns are part of decoding, and JPEG 2000 has none.
    private static Orientation OrientationOf(IMagickImage<byte> image, ImageKind kind)
        => kind is ImageKind.Tiff or ImageKind.JpegXl ? Orientation.Of((SKEncodedOrigin)image.Orientation) : default;

    private static void Convert(IMagickImage<byte> decoded, PixelImage image)
    {
        // libheif hands a profile on, and else the numbers in its place.
        using SrgbConversion? conversion = decoded.GetColorProfile() is { } profile ? SrgbConversion.OfProfile(profile.ToByteArray())
            : decoded.GetAttribute("heic:cicp") is { } numbers ? SrgbConversion.OfNumbers(numbers) : null;
        conversion?.Convert(image.Buffer, image.Width * image.Height);
    }

    private static void Copy(IMagickImage<byte> decoded, Span<byte> pixels)
    {
        // CMYK, Lab, YCC.
        if (decoded.ColorSpace is not (ColorSpace.sRGB or ColorSpace.RGB or ColorSpace.Gray or ColorSpace.LinearGray))
            decoded.ColorSpace = ColorSpace.sRGB;
        using IUnsafePixelCollection<byte> source = decoded.GetPixelsUnsafe();
        int step = (int)source.Channels, red = IndexOf(PixelChannel.Red) ?? 0, green = IndexOf(PixelChannel.Green) ?? red,
            blue = IndexOf(PixelChannel.Blue) ?? red;
        int? alpha = decoded.HasAlpha ? IndexOf(PixelChannel.Alpha) : null;
        for (int y = 0; y < decoded.Height; y++)
        {
            for (ReadOnlySpan<byte> row = source.GetReadOnlyArea(0, y, decoded.Width, 1); !row.IsEmpty; row = row[step..])
            {
                (pixels[0], pixels[1], pixels[2]) = (row[red], row[green], row[blue]);
                pixels[3] = alpha is { } place ? row[place] : byte.MaxValue;
                pixels = pixels[PixelRows.BytesPerPixel..];
            }
        }

        int? IndexOf(PixelChannel channel) => (int?)source.GetChannelIndex(channel);
    }
}
