using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using SkiaSharp;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Makes small pictures of photographs: their middle square, which is what a network sees.</summary>
internal static class Thumbnails
{
    private const string Pixels = "Pixels";
    private const int Quality = 80, Channels = 3;

    // Photographs are resized as for a network, without a filter: means over blocks of its pixels take what flickers.
    private const int PreparedSide = 320;

    /// <summary>Makes JPEG files while it is read.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="photographs">Their paths, and the sides of their thumbnails in pixels: divisors of 320.</param>
    /// <param name="maxPixels">The most pixels of a photograph; null for the library's limit.</param>
    /// <param name="follow">Follows the rows that are read.</param>
    /// <returns>A file for each photograph, in order; null where it can't be read.</returns>
    public static IEnumerable<byte[]?> Make(MLContext ml, IReadOnlyList<(string Path, int Side)> photographs, int? maxPixels,
        Func<IDataView, IDataView> follow)
    {
        IDataView rows = follow(ml.Data.LoadFromEnumerable(photographs.Select(p => new PhotoRow { Id = p.Path, ImagePath = p.Path })));
        var unreadable = new UnreadablePhotographs();
        ImagePreparingTransformer step = ml.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = Pixels,
            InputColumnName = nameof(PhotoRow.ImagePath),
            ImageSize = PreparedSide,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
            MaxPixels = maxPixels ?? ImagePreparingEstimator.Defaults.MaxPixels,
            BadImages = BadImageHandling.Skip,
            AcceptTruncated = true,
            ComposeOnWhite = true,
            DecodeScaling = DecodeScaling.Fast,
            // The files have no profile, and browsers take such for sRGB.
            ConvertToSrgb = true,
        }).Fit(rows);
        step.SkippedImages = unreadable;
        IDataView prepared = step.Transform(rows);
        using DataViewRowCursor cursor = prepared.GetRowCursor([prepared.Schema[Pixels]]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(prepared.Schema[Pixels]);
        VBuffer<float> pixels = default;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            get(ref pixels);
            yield return unreadable.Contains(row) ? null : Encode(pixels.GetValues(), photographs[row].Side);
        }
    }

    private static byte[] Encode(ReadOnlySpan<float> levels, int side)
    {
        byte[] pixels = new byte[side * side * 4];
        int block = PreparedSide / side;
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                int pixel = (y * side + x) * 4;
                for (int channel = 0; channel < Channels; channel++)
                    pixels[pixel + channel] = Mean(levels, (channel * PreparedSide + y * block) * PreparedSide + x * block, block);
                pixels[pixel + Channels] = byte.MaxValue;
            }
        }

        using SKImage image = SKImage.FromPixelCopy(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using SKData jpeg = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }

    private static byte Mean(ReadOnlySpan<float> levels, int start, int block)
    {
        float sum = 0;
        for (int y = 0; y < block; y++)
        {
            foreach (float level in levels.Slice(start + y * PreparedSide, block))
                sum += level;
        }

        return (byte)Math.Clamp(MathF.Round(255 * sum / (block * block)), 0, 255);
    }
}
