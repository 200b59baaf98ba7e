using SkiaSharp;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>How the rows of a file become lines of the picture that the viewer is to see (EXIF 2.32, tag 0x0112).</summary>
/// <param name="RowsAreColumns">Whether a row of the file is a column of the picture.</param>
/// <param name="RowsReversed">Whether the file's last row is the picture's first line: its top row, or its left column.</param>
/// <param name="PixelsReversed">Whether a row's last pixel is the first one of its line.</param>
internal readonly record struct Orientation(bool RowsAreColumns, bool RowsReversed, bool PixelsReversed)
{
    public static Orientation Of(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => new(false, false, true),
        SKEncodedOrigin.BottomRight => new(false, true, true),
        SKEncodedOrigin.BottomLeft => new(false, true, false),
        SKEncodedOrigin.LeftTop => new(true, false, false),
        SKEncodedOrigin.RightTop => new(true, true, false),
        SKEncodedOrigin.RightBottom => new(true, true, true),
        SKEncodedOrigin.LeftBottom => new(true, false, true),
        _ => default,
    };
}
