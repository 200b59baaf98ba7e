using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class ImageDecoderTests
{
    private const int ImagesMeasured = 40;
    private const int MostBytesPerImage = 1024;

    private static readonly string s_photo = TestFiles.Golden("images", "portrait_180x320.jpg");

    public static IEnumerable<object[]> Jpegs
        => Directory.GetFiles(TestFiles.Golden("images"), "*.jpg").Select(path => new object[] { Path.GetFileName(path) });

    [TestMethod]
    [DynamicData(nameof(Jpegs))]
    public void Open_Jpeg_GivesTheLevelsOfSkia(string name)
    {
        byte[] file = File.ReadAllBytes(TestFiles.Golden("images", name));

        CollectionAssert.AreEqual(DecodeWithSkia(file), Decode(file, false).Pixels);
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
    public void Open_ExifOrientation_TurnsThePixels(int orientation)
    {
        byte[] file = WithOrientation(File.ReadAllBytes(s_photo), orientation);
        (int width, int height, int[] stored) = Decode(file, false);

        (int turnedWidth, int turnedHeight, int[] turned) = Decode(file, true);

        Assert.AreEqual(orientation < 5 ? (width, height) : (height, width), (turnedWidth, turnedHeight));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int right = width - 1 - x, below = height - 1 - y;
                (int toX, int toY) = orientation switch
                {
                    1 => (x, y),
                    2 => (right, y),
                    3 => (right, below),
                    4 => (x, below),
                    5 => (y, x),
                    6 => (below, x),
                    7 => (below, right),
                    _ => (y, right),
                };
                Assert.AreEqual(stored[y * width + x], turned[toY * turnedWidth + toX]);
            }
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void Prepare_ManyFiles_LeavesLessThanAKilobyteOfGarbageEach()
    {
        var buffers = new ImageBuffers();
        using var file = new FileBytes(buffers.Files);
        var preparation = new ImagePreparationOptions();
        var preparer = new ImagePreparer(preparation, [64]);
        var pixels = new float[3 * 64 * 64];
        Prepare();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < ImagesMeasured; i++)
            Prepare();

        Assert.IsLessThan(MostBytesPerImage, (GC.GetAllocatedBytesForCurrentThread() - before) / ImagesMeasured);

        void Prepare()
        {
            file.Read(s_photo);
            using PixelRows rows = ImageDecoder.Open(file, preparation, buffers.Pixels);
            preparer.Prepare(rows, [pixels]);
        }
    }

    [TestMethod]
    public void Read_FileThatClaimsNoLength_ReadsToItsEnd()
    {
        const string Path = "/proc/cpuinfo";
        if (!File.Exists(Path))
            Assert.Inconclusive("Needs Linux.");
        using var file = new FileBytes(new BufferPool());

        file.Read(Path);

        Assert.AreEqual(0, new FileInfo(Path).Length);
        Assert.IsGreaterThan(0, file.Length);
        Assert.AreEqual((byte)'\n', file.Buffer[file.Length - 1]);
    }

    private static ShownImage Decode(byte[] bytes, bool applyOrientation)
    {
        using var file = new FileBytes(new BufferPool());
        file.CopyFrom(new VBuffer<byte>(bytes.Length, bytes));
        using PixelRows rows = ImageDecoder.Open(file, new ImagePreparationOptions { ApplyOrientation = applyOrientation },
            new BufferPool());
        return ShownImage.Of(rows);
    }

    private static int[] DecodeWithSkia(byte[] bytes)
    {
        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec codec = SKCodec.Create(data);
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Assert.AreEqual(SKCodecResult.Success, codec.GetPixels(bitmap.Info, bitmap.GetPixels()));
        return [.. MemoryMarshal.Cast<byte, int>(bitmap.GetPixelSpan())];
    }

    // An EXIF segment (APP1, little endian, one entry: tag 0x0112, type SHORT) right after the start of the image.
    internal static byte[] WithOrientation(byte[] jpeg, int orientation) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];
}
