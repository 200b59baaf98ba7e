using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>The ways in which files say how they are to be turned, against Pillow, exiftool and libvips (Golden/orientation).</summary>
[TestClass]
public sealed class StoredOrientationTests
{
    // The longest: that of WebP.
    private const int SignatureLength = 12;

    public static IEnumerable<object[]> Cases
        => TestFiles.ReadCsv(TestFiles.Golden("orientation", "cases.csv")).Select(cells => new object[] { cells[0], int.Parse(cells[4]) });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Of_File_IsWhatPillowExiftoolOrVipsRead(string name, int expected)
        => Assert.AreEqual((SKEncodedOrigin)expected, Of(ReadCase(name)));

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Of_FileCutAnywhere_ThrowsNothing(string name, int expected)
    {
        byte[] file = ReadCase(name);
        var whole = (SKEncodedOrigin)expected;

        for (int length = SignatureLength; length < file.Length; length++)
        {
            SKEncodedOrigin cut = Of(file[..length]);
            // A chunk that is cut may hide the first of two answers, or all of them.
            if (!name.Contains("_and_") && !name.Contains("_two_") && !name.Contains("_then_") && !name.Contains("differs"))
                Assert.IsTrue(cut == whole || cut == SKEncodedOrigin.TopLeft, $"{name}, {length} bytes: {cut}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Of_DamagedFile_ThrowsNothing(string name, int _)
    {
        byte[] file = ReadCase(name);
        ImageKind kind = ImageKinds.Of(file)!.Value;

        // Lengths, places, counts and the bytes of text among them.
        for (int place = SignatureLength; place < file.Length; place++)
        {
            byte kept = file[place];
            foreach (byte value in (byte[])[0, (byte)(kept ^ 1), byte.MaxValue])
            {
                file[place] = value;
                Assert.IsTrue(Enum.IsDefined(StoredOrientation.Of(kind, file)));
            }

            file[place] = kept;
        }
    }

    [TestMethod]
    [DataRow("png_value_", ".png")]
    [DataRow("webp_value_", ".webp")]
    public void Transform_PngOrWebP_HasThePixelsOfPillow(string start, string end)
    {
        // Of the picture's 3 x 2 pixels; what a JPEG makes of them is in Golden/kinds.
        byte[][] pixels = [[250, 0, 0], [0, 250, 0], [0, 0, 250], [0, 0, 0], [120, 120, 120], [250, 250, 250]];
        int[][] expected =
        [
            [0, 1, 2, 3, 4, 5], [2, 1, 0, 5, 4, 3], [5, 4, 3, 2, 1, 0], [3, 4, 5, 0, 1, 2],
            [0, 3, 1, 4, 2, 5], [3, 0, 4, 1, 5, 2], [5, 2, 4, 1, 3, 0], [2, 5, 1, 4, 0, 3],
        ];
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            var file = new FileBytes(new BufferPool());
            file.Read(TestFiles.Golden("orientation", $"{start}{orientation}{end}"));
            using PixelRows rows = ImageDecoder.Open(file, new ImagePreparationOptions(), new BufferPool());
            ShownImage image = ShownImage.Of(rows);

            Assert.AreEqual(orientation < 5 ? 3 : 2, image.Width);
            for (int i = 0; i < 6; i++)
            {
                byte[] pixel = BitConverter.GetBytes(image.Pixels[i])[..3];
                CollectionAssert.AreEqual(pixels[expected[orientation - 1][i]], pixel, $"{orientation}, pixel {i}");
            }
        }
    }

    private static SKEncodedOrigin Of(byte[] file) => StoredOrientation.Of(ImageKinds.Of(file)!.Value, file);

    private static byte[] ReadCase(string name) => File.ReadAllBytes(TestFiles.Golden("orientation", name));
}
