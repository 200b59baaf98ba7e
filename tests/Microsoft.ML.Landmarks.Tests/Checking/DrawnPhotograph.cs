using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Checking;

/// <summary>A picture of shapes that its seed decides, and what becomes of it.</summary>
internal sealed class DrawnPhotograph(int seed) : IDisposable
{
    private const int Shapes = 60;

    private readonly SKBitmap _bitmap = Draw(seed, width: 320, height: 240);

    /// <summary>Writes it as it is, without loss.</summary>
    public string Save(string path) => Save(_bitmap, path, SKEncodedImageFormat.Png, quality: 100);

    public string SaveRecompressed(string path, int quality) => Save(_bitmap, path, SKEncodedImageFormat.Jpeg, quality);

    public string SaveResized(string path, int width, int height)
    {
        using SKBitmap resized = _bitmap.Resize(new SKImageInfo(width, height), SKFilterQuality.High);
        return Save(resized, path, SKEncodedImageFormat.Png, quality: 100);
    }

    public string SaveMirrored(string path)
    {
        using var mirrored = new SKBitmap(_bitmap.Info);
        using var canvas = new SKCanvas(mirrored);
        canvas.Scale(-1, 1, _bitmap.Width / 2f, 0);
        canvas.DrawBitmap(_bitmap, 0, 0);
        return Save(mirrored, path, SKEncodedImageFormat.Png, quality: 100);
    }

    /// <summary>Writes a part of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="share">The share of both sides that is left.</param>
    public string SaveCropped(string path, double share)
    {
        int width = (int)(_bitmap.Width * share), height = (int)(_bitmap.Height * share);
        using var cropped = new SKBitmap();
        Assert.IsTrue(_bitmap.ExtractSubset(cropped, SKRectI.Create(_bitmap.Width - width, 0, width, height)));
        return Save(cropped, path, SKEncodedImageFormat.Png, quality: 100);
    }

    /// <summary>Writes it with other shapes upon it.</summary>
    public string SaveWithOtherShapes(string path, int count)
    {
        using SKBitmap other = _bitmap.Copy();
        DrawShapes(other, seed + 1, count);
        return Save(other, path, SKEncodedImageFormat.Png, quality: 100);
    }

    public void Dispose() => _bitmap.Dispose();

    /// <summary>Writes a picture of one color.</summary>
    public static string SaveColor(string path, byte level, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(new SKColor(level, level, level));
        return Save(bitmap, path, SKEncodedImageFormat.Png, quality: 100);
    }

    /// <summary>Writes it with its brightness divided.</summary>
    public string SaveDarkened(string path, int divisor)
    {
        using var dark = new SKBitmap(_bitmap.Info);
        for (int y = 0; y < dark.Height; y++)
        {
            for (int x = 0; x < dark.Width; x++)
            {
                SKColor color = _bitmap.GetPixel(x, y);
                dark.SetPixel(x, y,
                    new SKColor((byte)(color.Red / divisor), (byte)(color.Green / divisor), (byte)(color.Blue / divisor)));
            }
        }

        return Save(dark, path, SKEncodedImageFormat.Png, quality: 100);
    }

    private static SKBitmap Draw(int seed, int width, int height)
    {
        var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Gray);
        DrawShapes(bitmap, seed, Shapes);
        return bitmap;
    }

    private static void DrawShapes(SKBitmap bitmap, int seed, int count)
    {
        var random = new Random(seed);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true };
        for (int i = 0; i < count; i++)
        {
            paint.Color = new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            canvas.DrawOval(random.Next(bitmap.Width), random.Next(bitmap.Height), random.Next(4, 40), random.Next(4, 40), paint);
        }
    }

    private static string Save(SKBitmap bitmap, string path, SKEncodedImageFormat format, int quality)
    {
        using FileStream file = File.Create(path);
        bitmap.Encode(file, format, quality);
        return path;
    }
}
