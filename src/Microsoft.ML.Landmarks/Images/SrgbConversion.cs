using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>Makes the levels of sRGB of those of another color space, by Skia.</summary>
internal sealed class SrgbConversion : IDisposable
{
    // Of each channel: enough to tell a space of other primaries or another curve.
    private const int LevelsAsked = 9;

    // A profile that moves no level by more is sRGB's own, written with other digits.
    private const int MostOfSrgb = 1;

    private static readonly SKColorSpace s_srgb = SKColorSpace.CreateSrgb();

    private readonly SKColorSpace _space;

    private SrgbConversion(SKColorSpace space) => _space = space;

    /// <summary>The conversion of a color space; null where its levels are those of sRGB, or there is none.</summary>
    /// <param name="space">The space, disposed with the conversion, or here.</param>
    public static SrgbConversion? Of(SKColorSpace? space)
    {
        if (space is null)
            return null;
        var conversion = new SrgbConversion(space);
        if (!space.IsSrgb && conversion.MovesColors())
            return conversion;
        conversion.Dispose();
        return null;
    }

    /// <summary>The same of a profile (ICC); null also where it can't be read or is one of tables, as printers have.</summary>
    public static SrgbConversion? OfProfile(byte[] profile)
    {
        using SKColorSpaceIccProfile? read = SKColorSpaceIccProfile.Create(profile);
        return Of(read is null ? null : SKColorSpace.CreateIcc(read));
    }

    /// <summary>The same of numbers in place of a profile (ITU-T H.273), as HEIF has them. Those of HDR stay as they are: what their light
    /// is on a screen, no number says.</summary>
    /// <param name="numbers">Those of primaries, curve, matrix and range, with slashes between them.</param>
    public static SrgbConversion? OfNumbers(string numbers)
    {
        string[] parts = numbers.Split('/');
        if (parts.Length < 2 || parts[1] is "16" or "18"
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int primaries))
            return null;
        // Curves of television are shown as sRGB's, as browsers do.
        return Of(primaries switch
        {
            9 => SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.Rec2020),
            12 => SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3),
            _ => null,
        });
    }

    /// <summary>Converts pixels where they are; alpha stays.</summary>
    /// <param name="pixels">R, G, B, alpha; not moved by the collector.</param>
    /// <param name="count">How many there are.</param>
    public void Convert(nint pixels, int count)
    {
        var info = new SKImageInfo(count, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul, _space);
        using var row = new SKPixmap(info, pixels, info.RowBytes);
        row.ReadPixels(info.WithColorSpace(s_srgb), pixels, info.RowBytes);
    }

    /// <inheritdoc cref="Convert(nint, int)"/>
    public void Convert(byte[] pixels, int count)
    {
        GCHandle pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        Convert(pinned.AddrOfPinnedObject(), count);
        pinned.Free();
    }

    public void Dispose() => _space.Dispose();

    private bool MovesColors()
    {
        byte[] colors = [.. Colors()], converted = [.. colors];
        Convert(converted, converted.Length / PixelRows.BytesPerPixel);
        return colors.Zip(converted, (color, level) => Math.Abs(color - level)).Max() > MostOfSrgb;
    }

    private static IEnumerable<byte> Colors()
    {
        IEnumerable<byte> levels = Enumerable.Range(0, LevelsAsked).Select(i => (byte)(i * byte.MaxValue / (LevelsAsked - 1)));
        return levels.SelectMany(red => levels.SelectMany(green => levels.SelectMany(blue => new[] { red, green, blue, byte.MaxValue })));
    }
}
