using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.Landmarks;

/// <summary>An image file that Skia reads where it lies, without a copy of its own. Disposing gives the file's buffer back.</summary>
internal sealed class EncodedImage : IDisposable
{
    private readonly FileBytes _file;
    private readonly SKData? _data;
    private GCHandle _pin;

    /// <exception cref="InvalidDataException">The bytes are no image, or promise one that no array can hold.</exception>
    public EncodedImage(FileBytes file)
    {
        _file = file;
        _pin = GCHandle.Alloc(file.Buffer, GCHandleType.Pinned);
        try
        {
            _data = SKData.Create(_pin.AddrOfPinnedObject(), file.Length);
            Codec = (file.Length > 0 ? SKCodec.Create(_data) : null) ?? throw Errors.NotAnImage(file.Name);
            SKImageInfo info = Codec.Info;
            info.ColorSpace?.Dispose();
            if ((long)info.Width * info.Height * PixelRows.BytesPerPixel > Array.MaxLength)
                throw Errors.ImageTooLarge(file.Name, info.Width, info.Height);
            // No colour space: Skia leaves the levels as they are in the file.
            Info = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SKCodec Codec { get; } = null!;

    /// <summary>The sides and the layout of the decoded pixels.</summary>
    public SKImageInfo Info { get; }

    public string Name => _file.Name;

    public void Dispose()
    {
        // In this order: what reads the bytes goes before the bytes.
        Codec?.Dispose();
        _data?.Dispose();
        if (_pin.IsAllocated)
            _pin.Free();
        _file.Dispose();
    }
}
