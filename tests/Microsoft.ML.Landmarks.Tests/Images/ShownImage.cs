using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>An image as the viewer is to see it, made of its rows pixel by pixel.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">[height, width], R in the lowest byte.</param>
internal sealed record ShownImage(int Width, int Height, int[] Pixels)
{
    public static ShownImage Of(PixelRows rows)
    {
        Orientation shown = rows.Orientation;
        (int width, int height) = shown.RowsAreColumns ? (rows.Height, rows.Width) : (rows.Width, rows.Height);
        var pixels = new int[width * height];
        for (int y = 0; y < rows.Height; y++)
        {
            ReadOnlySpan<int> row = MemoryMarshal.Cast<byte, int>(rows.Row(y));
            for (int x = 0; x < row.Length; x++)
            {
                int line = shown.RowsReversed ? rows.Height - 1 - y : y, place = shown.PixelsReversed ? row.Length - 1 - x : x;
                pixels[shown.RowsAreColumns ? place * width + line : line * width + place] = row[x];
            }
        }

        return new ShownImage(width, height, pixels);
    }
}
