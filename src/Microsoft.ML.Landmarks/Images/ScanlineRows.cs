using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// Rows that are decoded when they are read, a strip at a time: the strip stays in the processor's cache until it is resized, and a
/// photograph of any height needs no more memory than that.
/// </summary>
internal sealed class ScanlineRows : PixelRows
{
    // The largest block of JPEG is 16 rows high.
    private const int RowsPerStrip = 16;

    private readonly EncodedImage _image;
    private readonly bool _acceptTruncated;
    private readonly byte[] _strip;
    private GCHandle _pin;
    private int _first;
    private int _end;
    private bool _isTruncated;

    /// <param name="image">The file, ready to decode scanlines; disposed with this object.</param>
    /// <param name="acceptTruncated">Whether rows that the file lacks are black.</param>
    public ScanlineRows(EncodedImage image, bool acceptTruncated) : base(image.Info.Width, image.Info.Height)
    {
        _image = image;
        _acceptTruncated = acceptTruncated;
        _strip = ArrayPool<byte>.Shared.Rent(RowsPerStrip * Width * BytesPerPixel);
        _pin = GCHandle.Alloc(_strip, GCHandleType.Pinned);
    }

    public override ReadOnlySpan<byte> Row(int y)
    {
        while (y >= _end)
        {
            _first = _end;
            int count = Math.Min(RowsPerStrip, Height - _first);
            int decoded = _isTruncated ? 0 : _image.Codec.GetScanlines(_pin.AddrOfPinnedObject(), count, Width * BytesPerPixel);
            if (decoded < count)
            {
                if (!_acceptTruncated)
                    throw Errors.NotAnImage(_image.Name);
                _isTruncated = true;
                _strip.AsSpan(decoded * Width * BytesPerPixel).Clear();
            }

            _image.Conversion?.Convert(_pin.AddrOfPinnedObject(), decoded * Width);
            _end += count;
        }

        return _strip.AsSpan((y - _first) * Width * BytesPerPixel, Width * BytesPerPixel);
    }

    public override void Dispose()
    {
        if (!_pin.IsAllocated)
            return;
        _image.Dispose();
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_strip);
    }
}
