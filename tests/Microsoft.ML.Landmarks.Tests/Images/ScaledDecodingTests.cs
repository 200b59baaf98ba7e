using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Photographs that the decoder makes smaller, against djpeg, dwebp, Pillow and OpenCV.</summary>
[TestClass]
public sealed class ScaledDecodingTests
{
    // Decoders convert CMYK differently.
    private const int CmykTolerance = 3;

    private const int Eighths = 8;

    private static readonly ImagePreparationOptions s_fast = new() { DecodeScaling = DecodeScaling.Fast };

    public static IEnumerable<object[]> Jpegs => TestFiles.ReadCsv(TestFiles.Golden("scaled", "levels.csv"))
        .Where(row => row[0].EndsWith(".jpg", StringComparison.Ordinal)).Select(row => new object[] { row[0], int.Parse(row[3]), row[4] });

    public static IEnumerable<object[]> WebPs => TestFiles.ReadCsv(TestFiles.Golden("scaled", "levels.csv"))
        .Where(row => row[0].EndsWith(".webp", StringComparison.Ordinal))
        .Select(row => new object[] { row[0], int.Parse(row[1]), int.Parse(row[2]), row[4] });

    public static IEnumerable<object[]> Squares => TestFiles.ReadCsv(TestFiles.Golden("scaled", "prepared.csv"))
        .Select(row => new object[] { row[0], int.Parse(row[1]), row[2] });

    [TestMethod]
    [DynamicData(nameof(Jpegs))]
    public void Open_FastJpeg_HasTheLevelsOfDjpeg(string name, int eighths, string sha256)
    {
        ShownImage image = Open(ReadGolden(name), s_fast, (width, height) => Sides(width, height, eighths));

        Assert.AreEqual(sha256, Sha256(image, channels: 3));
    }

    [TestMethod]
    [DynamicData(nameof(WebPs))]
    public void Open_FastWebP_HasTheLevelsOfDwebp(string name, int width, int height, string sha256)
    {
        ShownImage image = Open(ReadGolden(name), s_fast, (_, _) => (width / 2, height / 2));

        Assert.AreEqual((width, height), (image.Width, image.Height));
        Assert.AreEqual(sha256, Sha256(image, channels: 4));
    }

    [TestMethod]
    public void Open_FastCmyk_HasTheLevelsOfPillow()
    {
        byte[] expected = ReadGolden("cmyk.jpg.u8");

        byte[] levels = Levels(Open(ReadGolden("cmyk.jpg"), s_fast, (width, height) => Sides(width, height, 4)), channels: 3);

        Assert.HasCount(expected.Length, levels);
        Assert.IsLessThanOrEqualTo(CmykTolerance, levels.Zip(expected, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    public void SidesOf_JpegOfManySides_AreThoseOfPillowsDraftOrSmallerOnesBetween()
    {
        foreach (int[] row in TestFiles.ReadCsv(TestFiles.Golden("scaled", "draft.csv"))
            .Select(row => row.Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray()))
        {
            (int width, int height, int size, int draft) = (row[0], row[1], row[2], row[3]);
            using PixelRows rows = OpenRows(BlankJpeg(width, height), s_fast, (w, h) => Resized(w, h, size));
            int eighths = Enumerable.Range(1, Eighths).Single(n => (rows.Width, rows.Height) == (Ceiling(width, n), Ceiling(height, n)));

            // Pillow's draft takes halves, quarters and eighths alone.
            int next = new[] { 1, 2, 4, Eighths }.First(n => n >= eighths);
            Assert.AreEqual(draft, next, $"{width} x {height} to {size}");
        }
    }

    [TestMethod]
    public void Open_FastJpegOfAnySides_IsTheSmallestOfAtLeastTwiceTheSides()
    {
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            (int width, int height) = (random.Next(1, 200), random.Next(1, 200));
            (long Width, long Height) least = (Part(width), Part(height));
            bool FitsIn(int n) => width * n >= 2 * Eighths * least.Width && height * n >= 2 * Eighths * least.Height;
            int expected = Enumerable.Range(1, Eighths).FirstOrDefault(FitsIn, Eighths);

            using PixelRows rows = OpenRows(BlankJpeg(width, height), s_fast, (_, _) => least);

            Assert.AreEqual((Ceiling(width, expected), Ceiling(height, expected)), (rows.Width, rows.Height));
            Assert.AreEqual((width, height), rows.Picture);
        }

        int Part(int side) => random.Next(1, 1 + side / random.Next(1, 4));
    }

    [TestMethod]
    [DynamicData(nameof(Squares))]
    public void Transform_Fast_HasThePixelsOfOpenCvOfTheScaledPicture(string name, int size, string sha256)
    {
        float[] pixels = Prepare(ReadGolden(name), size, DecodeScaling.Fast);
        byte[] levels = [.. Enumerable.Range(0, pixels.Length).Select(i => (byte)Math.Round(pixels[i % 3 * size * size + i / 3] * 255))];

        Assert.AreEqual(sha256, Convert.ToHexStringLower(SHA256.HashData(levels)));
    }

    [TestMethod]
    public void Transform_FastPhotographThatIsSmallOrOfAnotherKind_HasThePixelsOfExact()
    {
        byte[] jpeg = ReadGolden("baseline_420.jpg");
        using SKBitmap picture = SKBitmap.Decode(jpeg);
        byte[] png = picture.Encode(SKEncodedImageFormat.Png, 100).ToArray();
        byte[] gif = File.ReadAllBytes(TestFiles.Golden("kinds", "first.gif"));
        byte[] bmp = File.ReadAllBytes(TestFiles.Golden("kinds", "rgb.bmp"));
        byte[] lossy = ReadGolden("lossy.webp");

        // 221 rows: 111 is more than half of them, and of 110 seven eighths are too few.
        foreach ((byte[] file, int size) in ((byte[], int)[])[(png, 20), (gif, 8), (bmp, 8), (jpeg, 110), (jpeg, 111), (jpeg, 400),
            (lossy, 111)])
            CollectionAssert.AreEqual(Prepare(file, size, DecodeScaling.Exact), Prepare(file, size, DecodeScaling.Fast));
        foreach ((byte[] file, int size) in ((byte[], int)[])[(jpeg, 96), (lossy, 110)])
            CollectionAssert.AreNotEqual(Prepare(file, size, DecodeScaling.Exact), Prepare(file, size, DecodeScaling.Fast));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void Open_FastTurnedJpeg_TurnsTheScaledPicture(int orientation)
    {
        byte[] file = ImageDecoderTests.WithOrientation(ReadGolden("baseline_420.jpg"), orientation);
        var asStored = new ImagePreparationOptions { DecodeScaling = DecodeScaling.Fast, ApplyOrientation = false };
        (int, int) shown = default;

        ShownImage stored = Open(file, asStored, (width, height) => Resized(width, height, 32));
        ShownImage turned = Open(file, s_fast, (width, height) =>
        {
            shown = (width, height);
            return Resized(width, height, 32);
        });

        Assert.AreEqual(orientation < 5 ? (331, 221) : (221, 331), shown);
        Assert.AreEqual((125, 83), (stored.Width, stored.Height));
        Assert.AreEqual(orientation < 5 ? (125, 83) : (83, 125), (turned.Width, turned.Height));
        CollectionAssert.AreEqual(stored.Pixels.Order().ToArray(), turned.Pixels.Order().ToArray());
        Assert.AreEqual(stored.Pixels[0], turned.Pixels[orientation switch
        {
            1 or 5 => 0,
            2 or 6 => turned.Width - 1,
            3 or 7 => turned.Pixels.Length - 1,
            _ => turned.Pixels.Length - turned.Width,
        }]);
    }

    [TestMethod]
    [DataRow(ImageFit.CropCenter, null, 125, 83)]
    [DataRow(ImageFit.CropCenter, 64, 207, 139)]
    [DataRow(ImageFit.PadCenter, null, 83, 56)]
    [DataRow(ImageFit.Squash, null, 125, 83)]
    public void Open_Fast_LeavesTwiceTheSidesOfTheResizedPictureHoweverItFits(ImageFit fit, int? shorterSideTo, int width, int height)
    {
        var preparation = new ImagePreparationOptions { DecodeScaling = DecodeScaling.Fast, Fit = fit, ShorterSideTo = shorterSideTo };

        using PixelRows rows = OpenRows(ReadGolden("baseline_420.jpg"), preparation, new ImagePreparer(preparation, [32]).ResizedSidesOf);

        Assert.AreEqual((width, height), (rows.Width, rows.Height));
    }

    [TestMethod]
    public void Transform_FastAtSeveralSizes_DecodesForTheLargest()
    {
        // The network gives the mean of each channel.
        byte[] file = ReadGolden("baseline_420.jpg");
        float[] Embed(DecodeScaling scaling, params int[] sizes)
        {
            var mlContext = new MLContext();
            IDataView view = mlContext.Data.LoadFromEnumerable([new FileRow { File = file }]);
            return mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "File",
                ModelFile = TestFiles.Golden("networks", "means.onnx"),
                ImageSizes = sizes,
                Preparation = new ImagePreparationOptions { DecodeScaling = scaling },
            }).Fit(view).Transform(view).Vectors("Features").Single();
        }

        // At 111 pixels no scaling is possible, at 16 alone an eighth is enough.
        CollectionAssert.AreEqual(Embed(DecodeScaling.Exact, 16, 111), Embed(DecodeScaling.Fast, 16, 111));
        CollectionAssert.AreNotEqual(Embed(DecodeScaling.Exact, 16), Embed(DecodeScaling.Fast, 16));
    }

    [TestMethod]
    public void Load_FastModel_GivesItsPixels()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView view = mlContext.Data.LoadFromEnumerable([new FileRow { File = ReadGolden("baseline_420.jpg") }]);
        ITransformer model = mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "File",
            ImageSize = 20,
            DecodeScaling = DecodeScaling.Fast,
        }).Fit(view);
        mlContext.Model.Save(model, view.Schema, folder["model.zip"]);

        ITransformer loaded = mlContext.Model.Load(folder["model.zip"], out _);

        CollectionAssert.AreEqual(model.Transform(view).Vectors("Pixels").Single(), loaded.Transform(view).Vectors("Pixels").Single());
    }

    [TestMethod]
    [DoNotParallelize]
    public void Prepare_FastLargeJpeg_HoldsNoMoreThanAStrip()
    {
        const int Most = 1 << 20;
        byte[] jpeg = BlankJpeg(4000, 3000);
        var preparer = new ImagePreparer(s_fast, [64]);
        Prepare();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Prepare();

        Assert.IsLessThan(Most + jpeg.Length, GC.GetAllocatedBytesForCurrentThread() - before);

        void Prepare()
        {
            using PixelRows rows = OpenRows(jpeg, s_fast, preparer.ResizedSidesOf);
            preparer.Prepare(rows, [new float[ImagePreparer.LengthOf(64)]]);
        }
    }

    [TestMethod]
    public void Open_NoSides_DecodesAllPixels()
    {
        using PixelRows rows = OpenRows(ReadGolden("baseline_420.jpg"), s_fast, resizedSides: null);

        Assert.AreEqual((331, 221), (rows.Width, rows.Height));
    }

    [TestMethod]
    [DataRow("baseline_420.jpg")]
    [DataRow("lossy.webp")]
    public void Transform_FastTruncated_ThrowsUnlessAccepted(string name)
    {
        byte[] whole = ReadGolden(name), half = whole[..(whole.Length * 2 / 3)];

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Prepare(half, 20, DecodeScaling.Fast));
        float[] accepted = Prepare(half, 20, DecodeScaling.Fast, acceptTruncated: true), expected = Prepare(whole, 20, DecodeScaling.Fast);

        Assert.AreEqual($"Row 0: a file of {half.Length} bytes is not a readable image.", error.Message);
        CollectionAssert.AreEqual(expected[..80], accepted[..80]);
        CollectionAssert.AreNotEqual(expected, accepted);
        CollectionAssert.AreEqual(accepted, Prepare(half, 20, DecodeScaling.Fast, acceptTruncated: true));
    }

    [TestMethod]
    public void Transform_FastAndMaxPixels_CountsThoseOfTheFile()
    {
        byte[] file = ReadGolden("baseline_420.jpg");

        Assert.IsTrue(Prepare(file, 20, DecodeScaling.Fast, maxPixels: 331 * 221).All(float.IsFinite));
        Assert.ThrowsExactly<InvalidDataException>(() => Prepare(file, 20, DecodeScaling.Fast, maxPixels: 331 * 221 - 1));
    }

    private static (long Width, long Height) Resized(int width, int height, int size)
    {
        double scale = (double)size / Math.Min(width, height);
        return ((long)Math.Round(width * scale), (long)Math.Round(height * scale));
    }

    // The longest resized sides for which so many eighths of each side are enough, and one less is not.
    private static (long Width, long Height) Sides(int width, int height, int eighths)
        => (width * eighths / (2 * Eighths), height * eighths / (2 * Eighths));

    private static int Ceiling(int side, int eighths) => (side * eighths + Eighths - 1) / Eighths;

    private static byte[] ReadGolden(string name) => File.ReadAllBytes(TestFiles.Golden("scaled", name));

    private static byte[] BlankJpeg(int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8));
        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return jpeg.ToArray();
    }

    private static ShownImage Open(byte[] bytes, ImagePreparationOptions preparation,
        ResizedSides resizedSides)
    {
        using PixelRows rows = OpenRows(bytes, preparation, resizedSides);
        return ShownImage.Of(rows);
    }

    private static PixelRows OpenRows(byte[] bytes, ImagePreparationOptions preparation,
        ResizedSides? resizedSides)
    {
        var file = new FileBytes(new BufferPool());
        file.CopyFrom(new VBuffer<byte>(bytes.Length, bytes));
        return ImageDecoder.Open(file, preparation, new BufferPool(), resizedSides);
    }

    private static byte[] Levels(ShownImage image, int channels)
    {
        byte[] all = MemoryMarshal.AsBytes<int>(image.Pixels).ToArray();
        return channels == 4 ? all : [.. all.Where((_, i) => i % 4 < channels)];
    }

    private static string Sha256(ShownImage image, int channels) => Convert.ToHexStringLower(SHA256.HashData(Levels(image, channels)));

    private static float[] Prepare(byte[] file, int size, DecodeScaling scaling, bool acceptTruncated = false,
        int maxPixels = ImagePreparingEstimator.Defaults.MaxPixels)
    {
        var mlContext = new MLContext();
        IDataView view = mlContext.Data.LoadFromEnumerable([new FileRow { File = file }]);
        return mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "File",
            ImageSize = size,
            DecodeScaling = scaling,
            AcceptTruncated = acceptTruncated,
            MaxPixels = maxPixels,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
        }).Fit(view).Transform(view).Vectors("Pixels").Single();
    }
}
