using Microsoft.ML.Landmarks.Checking;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Checking;

[TestClass]
public sealed class PhotographSketchTests
{
    private const int Side = PhotographSketch.Side;

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(5, 3)]
    [DataRow(32, 32)]
    [DataRow(45, 31)]
    [DataRow(640, 17)]
    public void Of_AnySides_IsTheMeanBrightnessOfEachPlace(int width, int height)
    {
        byte[,,] picture = Random(width, height);

        PhotographSketch sketch = PhotographSketch.Of(new Rows(picture, default));

        Assert.AreEqual((width, height), (sketch.Width, sketch.Height));
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                // Rounded to whole levels.
                Assert.AreEqual(MeanOf(picture, x, y), sketch.Levels[y * Side + x], 0.5 + 1e-3, $"{x}, {y}");
        }
    }

    [TestMethod]
    public void Of_TurnedFile_IsThatOfTheUprightPicture()
    {
        byte[,,] picture = Random(45, 31);
        PhotographSketch upright = PhotographSketch.Of(new Rows(picture, default));

        for (int i = 1; i < 8; i++)
        {
            var orientation = new Orientation((i & 1) > 0, (i & 2) > 0, (i & 4) > 0);
            PhotographSketch turned = PhotographSketch.Of(new Rows(picture, orientation));

            Assert.AreEqual(upright.Pixels, turned.Pixels, $"{orientation}");
            // Sums are taken in another order.
            Assert.IsTrue(upright.Levels.Zip(turned.Levels).All(levels => Math.Abs(levels.First - levels.Second) <= 1), $"{orientation}");
        }
    }

    [TestMethod]
    public void Of_OnePixelThatDiffers_HasOtherPixels()
    {
        byte[,,] picture = Random(45, 31), other = (byte[,,])picture.Clone();
        other[7, 9, 1] ^= 1;

        Assert.AreNotEqual(PhotographSketch.Of(new Rows(picture, default)).Pixels, PhotographSketch.Of(new Rows(other, default)).Pixels);
    }

    [TestMethod]
    public void Contrast_HalfBlackHalfWhite_IsHalfOfTheRange()
    {
        var picture = new byte[32, 32, 3];
        for (int i = 0; i < 16 * 32 * 3; i++)
            picture[i / 96, i / 3 % 32, i % 3] = 255;

        PhotographSketch sketch = PhotographSketch.Of(new Rows(picture, default));

        Assert.AreEqual(127.5, sketch.Contrast);
        Assert.AreEqual(255, sketch.Highlight);
    }

    [TestMethod]
    [DataRow(11, 0)]
    [DataRow(12, 200)]
    public void Highlight_FewBrightPlaces_AreLeftOut(int bright, int expected)
    {
        var picture = new byte[32, 32, 3];
        for (int i = 0; i < bright * 3; i++)
            picture[0, i / 3, i % 3] = 200;

        // 1,013 of 1,024 places are 99 of 100.
        Assert.AreEqual(expected, PhotographSketch.Of(new Rows(picture, default)).Highlight);
    }

    private static byte[,,] Random(int width, int height)
    {
        var random = new Random(1);
        var picture = new byte[height, width, 3];
        for (int i = 0; i < picture.Length; i++)
            picture[i / 3 / width, i / 3 % width, i % 3] = (byte)random.Next(256);
        return picture;
    }

    // Each pixel by its share of the place.
    private static double MeanOf(byte[,,] picture, int x, int y)
    {
        int height = picture.GetLength(0), width = picture.GetLength(1);
        double sum = 0, area = 0;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                double share = Overlap(x * (double)width / Side, (x + 1) * (double)width / Side, column)
                    * Overlap(y * (double)height / Side, (y + 1) * (double)height / Side, row);
                sum += share * (0.299 * picture[row, column, 0] + 0.587 * picture[row, column, 1] + 0.114 * picture[row, column, 2]);
                area += share;
            }
        }

        return sum / area;
    }

    private static double Overlap(double start, double end, int pixel) => Math.Max(0, Math.Min(end, pixel + 1) - Math.Max(start, pixel));

    /// <summary>A picture as a file of another orientation has it.</summary>
    private sealed class Rows : PixelRows
    {
        private readonly byte[,,] _picture;

        public Rows(byte[,,] picture, Orientation orientation)
            : base(picture.GetLength(orientation.RowsAreColumns ? 0 : 1), picture.GetLength(orientation.RowsAreColumns ? 1 : 0))
            => (_picture, Orientation) = (picture, orientation);

        public override ReadOnlySpan<byte> Row(int y)
        {
            var row = new byte[Width * BytesPerPixel];
            for (int x = 0; x < Width; x++)
            {
                int line = Orientation.RowsReversed ? Height - 1 - y : y, place = Orientation.PixelsReversed ? Width - 1 - x : x;
                for (int channel = 0; channel < 3; channel++)
                    row[x * BytesPerPixel + channel] = Orientation.RowsAreColumns
                        ? _picture[place, line, channel] : _picture[line, place, channel];
                // What decoders leave there is no part of the picture.
                row[x * BytesPerPixel + 3] = (byte)(17 * x + y);
            }

            return row;
        }

        public override void Dispose()
        {
        }
    }
}
