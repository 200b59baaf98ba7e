using Landmarks.Demo.Reports.Html;
using Microsoft.ML;
using SkiaSharp;

namespace Landmarks.Demo.Browser.Tests;

[TestClass]
public sealed class ThumbnailsTests
{
    // JPEG keeps a plain color to a few levels.
    private const double Tolerance = 4;

    [TestMethod]
    public void Make_Photograph_IsItsMiddleSquare()
    {
        using var folder = new TemporaryFolder();
        string photo = folder.WritePng("photo.png", 900, 300, x => x < 300 ? SKColors.Red : x < 600 ? SKColors.Lime : SKColors.Blue);

        byte[]?[] made = Make((photo, 160), (photo, 80));

        using SKBitmap large = SKBitmap.Decode(made[0]), small = SKBitmap.Decode(made[1]);
        Assert.AreEqual((160, 160, 80, 80), (large.Width, large.Height, small.Width, small.Height));
        Assert.IsTrue(made[0].AsSpan().StartsWith((byte[])[0xFF, 0xD8, 0xFF]));
        foreach (SKColor color in new[] { large.GetPixel(4, 4), large.GetPixel(155, 155), small.GetPixel(40, 40) })
        {
            Assert.AreEqual(0, color.Red, Tolerance);
            Assert.AreEqual(255, color.Green, Tolerance);
            Assert.AreEqual(0, color.Blue, Tolerance);
        }
    }

    [TestMethod]
    public void Make_PhotographThatCannotBeRead_IsNone()
    {
        using var folder = new TemporaryFolder();
        string torn = folder.WriteText("torn.jpg", "no picture"), photo = folder.WritePng("photo.png", 40, 40, _ => SKColors.White);

        byte[]?[] made = Make((torn, 80), (photo, 80), (folder["missing.jpg"], 80));

        Assert.IsNull(made[0]);
        Assert.IsNotNull(made[1]);
        Assert.IsNull(made[2]);
    }

    [TestMethod]
    public void Make_TooManyPixels_IsNone()
    {
        using var folder = new TemporaryFolder();
        string photo = folder.WritePng("photo.png", 40, 40, _ => SKColors.White);

        Assert.IsNull(Thumbnails.Make(new MLContext(), [(photo, 80)], maxPixels: 1599, rows => rows).Single());
        Assert.IsNotNull(Thumbnails.Make(new MLContext(), [(photo, 80)], maxPixels: 1600, rows => rows).Single());
    }

    private static byte[]?[] Make(params (string Path, int Side)[] photographs)
        => [.. Thumbnails.Make(new MLContext(), photographs, null, rows => rows)];
}
