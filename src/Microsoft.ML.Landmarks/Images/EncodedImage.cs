using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>An image file that Skia reads where it lies, without a copy of its own. Disposing gives the file's buffer back.</summary>
internal sealed class EncodedImage : IDisposable
{
    private readonly FileBytes _file;
    private readonly SKData? _data;
    private GCHandle _pin;

    /// <param name="file">The whole file; disposed with this object.</param>
    /// <param name="preparation">What is allowed, and whether colors are converted.</param>
    /// <exception cref="InvalidDataException">The bytes are no image that can be decoded, or promise a larger one.</exception>
    public EncodedImage(FileBytes file, ImagePreparationOptions preparation)
    {
        _file = file;
        _pin = GCHandle.Alloc(file.Buffer, GCHandleType.Pinned);
        try
        {
            _data = SKData.Create(_pin.AddrOfPinnedObject(), file.Length);
            // Before Skia, which takes much for an image that is none, and develops raw files without their orientation.
            Kind = ImageKinds.Of(Bytes) ?? throw Foreign();
            Codec = SKCodec.Create(_data) ?? throw Errors.NotAnImage(file.Name);
            SKImageInfo info = Codec.Info;
            if (preparation.ConvertToSrgb)
                Conversion = SrgbConversion.Of(info.ColorSpace);
            else
                info.ColorSpace?.Dispose();
            PixelImage.CheckSides(file, info.Width, info.Height, preparation.MaxPixels);
            HasAlpha = info.AlphaType != SKAlphaType.Opaque;
            // No colour space: Skia leaves the levels as they are in the file.
            Info = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
            Sides = (info.Width, info.Height);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ImageKind Kind { get; }

    /// <summary>The whole file.</summary>
    public ReadOnlySpan<byte> Bytes => _file.Bytes;

    public SKCodec Codec { get; } = null!;

    /// <summary>The sides of the picture in the file.</summary>
    public (int Width, int Height) Sides { get; }

    /// <summary>The sides and the layout of the decoded pixels; the sides may be made smaller where the decoder can scale.</summary>
    public SKImageInfo Info { get; set; }

    /// <summary>Whether there may be transparent pixels.</summary>
    public bool HasAlpha { get; }

    /// <summary>What makes sRGB of its levels; null where they stay.</summary>
    public SrgbConversion? Conversion { get; }

    public string Name => _file.Name;

    public void Dispose()
    {
        // In this order: what reads the bytes goes before the bytes.
        Conversion?.Dispose();
        Codec?.Dispose();
        _data?.Dispose();
        if (_pin.IsAllocated)
            _pin.Free();
        _file.Dispose();
    }

    private InvalidDataException Foreign()
        => ForeignFile.Of(Bytes) is { } file ? Errors.UnsupportedImage(Name, file) : Errors.NotAnImage(Name);
}
