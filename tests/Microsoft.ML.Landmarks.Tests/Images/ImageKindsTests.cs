using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Every kind of file that can be decoded, against Pillow and OpenCV, and those that can't.</summary>
[TestClass]
public sealed class ImageKindsTests
{
    private const int Size = 32;

    // Decoders convert CMYK differently.
    private const int CmykTolerance = 3;

    public static IEnumerable<object[]> Kinds
        => Directory.EnumerateFiles(TestFiles.Golden("kinds"), "*.u8").Select(f => new object[] { Path.GetFileNameWithoutExtension(f) });

    /// <summary>Pictures of 16 x 16 pixels, with levels and alpha by Pillow where it reads them.</summary>
    public static IEnumerable<object[]> Pictures
        => Directory.EnumerateFiles(TestFiles.Golden("levels")).Where(f => !f.EndsWith(".u8"))
        .Select(f => new object[] { Path.GetFileName(f) });

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Transform_Picture_HasTheLevelsOfPillowOrIsToldInTheReadme(string name)
    {
        byte[] file = File.ReadAllBytes(TestFiles.Golden("levels", name));
        string pillow = TestFiles.Golden("levels", $"{name}.u8");

        byte[] dropped = Levels(file, new() { OutputColumnName = "Pixels", ImageSize = 16 }),
            composed = Levels(file, new() { OutputColumnName = "Pixels", ImageSize = 16, ComposeOnWhite = true });

        byte[][]? expected = File.Exists(pillow) ? [.. File.ReadAllBytes(pillow).Chunk(4)] : null;
        bool isSame = expected is not null && dropped.SequenceEqual(expected.SelectMany(p => p[..3]))
            && composed.SequenceEqual(expected.SelectMany(p => p[..3]
            .Select(level => (byte)((level * p[3] + 255 * (255 - p[3]) + 127) / 255))));
        bool isTold = File.ReadAllText(TestFiles.Repository("src", "Microsoft.ML.Landmarks", "Images", "README.md")).Contains($"`{name}`");
        Assert.AreEqual(!isTold, isSame);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Transform_Kind_HasThePixelsOfPillowAndOpenCv(string name)
    {
        byte[] expected = File.ReadAllBytes(TestFiles.Golden("kinds", $"{name}.u8"));

        byte[] levels = Levels(name);

        int tolerance = name is "cmyk.jpg" or "ycck.jpg" ? CmykTolerance : 0;
        Assert.IsLessThanOrEqualTo(tolerance, levels.Zip(expected, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    public void Transform_OrientationIgnored_HasThePixelsAsTheyAreStored()
    {
        byte[] upright = Levels("orientation_1.jpg");

        for (int orientation = 2; orientation <= 8; orientation++)
            CollectionAssert.AreEqual(upright,
                Levels($"orientation_{orientation}.jpg", new() { OutputColumnName = "Pixels", ApplyOrientation = false }),
                $"orientation {orientation}");
    }

    [TestMethod]
    public void Transform_ComposeOnWhite_BlendsByAlpha()
    {
        // Unchanged in size, so that levels can be compared one by one.
        using var bitmap = new SkiaSharp.SKBitmap(
            new SkiaSharp.SKImageInfo(3, 3, SkiaSharp.SKColorType.Rgba8888, SkiaSharp.SKAlphaType.Unpremul));
        bitmap.Erase(SkiaSharp.SKColors.Transparent);
        bitmap.SetPixel(0, 0, new SkiaSharp.SKColor(200, 100, 0, 255));
        bitmap.SetPixel(1, 0, new SkiaSharp.SKColor(200, 100, 0, 128));
        bitmap.SetPixel(2, 0, new SkiaSharp.SKColor(200, 100, 0, 1));
        byte[] file = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100).ToArray();

        byte[] dropped = Levels(file, new() { OutputColumnName = "Pixels", ImageSize = 3 }),
            composed = Levels(file, new() { OutputColumnName = "Pixels", ImageSize = 3, ComposeOnWhite = true });

        CollectionAssert.AreEqual(new byte[] { 200, 100, 0, 200, 100, 0, 200, 100, 0 }, dropped[..9]);
        CollectionAssert.AreEqual(new byte[] { 200, 100, 0, 227, 177, 127, 255, 254, 254 }, composed[..9]);
        Assert.IsTrue(composed[9..].All(level => level == 255));
    }

    [TestMethod]
    public void Transform_Text_IsNotAnImage()
    {
        foreach (byte[] file in (byte[][])[Encoding.UTF8.GetBytes("a < b"), [0], [0, 0, 0, 0], new byte[5000], [0xff, 0xd8],
            [0xff, 0xd8, 0xff], [(byte)'B', (byte)'M'], [(byte)'R', (byte)'I', (byte)'F', (byte)'F']])
        {
            InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
                => Levels(file, new() { OutputColumnName = "Pixels" }));
            Assert.AreEqual($"Row 0: a file of {file.Length} bytes is not a readable image.", error.Message);
        }
    }

    private static byte[] Levels(string name, ImagePreparingEstimator.Options? options = null)
        => Levels(File.ReadAllBytes(TestFiles.Golden("kinds", name)), options ?? new() { OutputColumnName = "Pixels" });

    private static byte[] Levels(byte[] file, ImagePreparingEstimator.Options options)
    {
        var mlContext = new MLContext();
        var plain = new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "File",
            ImageSize = options.ImageSize == ImagePreparingEstimator.Defaults.ImageSize ? Size : options.ImageSize,
            ApplyOrientation = options.ApplyOrientation,
            ComposeOnWhite = options.ComposeOnWhite,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
        };
        IDataView view = mlContext.Data.LoadFromEnumerable([new FileRow { File = file }]);
        float[] pixels = mlContext.Transforms.PrepareImages(plain).Fit(view).Transform(view).Vectors("Pixels").Single();
        int area = pixels.Length / 3;
        return [.. Enumerable.Range(0, pixels.Length).Select(i => (byte)Math.Round(pixels[i % 3 * area + i / 3] * 255))];
    }
}
