using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ImageMagick;
using ImageMagick.Factories;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Magick;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>HEIC, AVIF, TIFF, JPEG XL and JPEG 2000, against the programs of Debian that read them.</summary>
[TestClass]
public sealed class MagickDecoderTests
{
    // Decoders and the conversion from YCbCr round differently.
    private const int Tolerance = 2;

    // name, width, height
    public static IEnumerable<object[]> Pictures => TestFiles.ReadCsv(TestFiles.Golden("pictures", "pictures.csv"))
        .Select(cells => new object[] { cells[0], int.Parse(cells[1]), int.Parse(cells[2]) });

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Open_Picture_IsWhatOtherProgramsShow(string name, int width, int height)
    {
        byte[] expected = File.ReadAllBytes(TestFiles.Golden("pictures", $"{name}.u8"));

        ShownImage shown = Show(name);

        Assert.AreEqual((width, height), (shown.Width, shown.Height));
        ReadOnlySpan<byte> pixels = MemoryMarshal.AsBytes<int>(shown.Pixels);
        int most = 0;
        for (int i = 0; i < expected.Length; i++)
            most = Math.Max(most, Math.Abs(pixels[i] - expected[i]));
        Assert.IsLessThanOrEqualTo(Tolerance, most);
    }

    [TestMethod]
    [DataRow("heic_telephone.heic", "heic_telephone_upright.heic")]
    [DataRow("heic_telephone_mirrored.heic", "heic_telephone_upright.heic")]
    [DataRow("avif_turned_1.avif", "avif_turned_0.avif")]
    [DataRow("avif_turned_3_mirrored.avif", "avif_turned_0.avif")]
    [DataRow("tiff_orientation_6.tif", "tiff_orientation_1.tif")]
    [DataRow("jxl_exif.jxl", "jxl_lossy.jxl")]
    public void Open_OrientationIgnored_IsThePictureAsItIsStored(string name, string upright)
    {
        ShownImage expected = Show(upright);

        ShownImage stored = Show(name, new() { ApplyOrientation = false });

        Assert.AreEqual((expected.Width, expected.Height), (stored.Width, stored.Height));
        // That of JPEG XL was coded of a JPEG, with its losses.
        if (!name.StartsWith("jxl", StringComparison.Ordinal))
            CollectionAssert.AreEqual(expected.Pixels, stored.Pixels);
    }

    [TestMethod]
    public void Open_ComposeOnWhite_BlendsByAlpha()
    {
        byte[] expected = File.ReadAllBytes(TestFiles.Golden("pictures", "tiff_alpha.tif.u8"));

        ShownImage composed = Show("tiff_alpha.tif", new() { ComposeOnWhite = true });

        ReadOnlySpan<byte> pixels = MemoryMarshal.AsBytes<int>(composed.Pixels);
        for (int i = 0; i < expected.Length; i += 4)
        {
            int alpha = expected[i + 3];
            for (int channel = i; channel < i + 3; channel++)
                Assert.AreEqual((expected[channel] * alpha + 255 * (255 - alpha) + 127) / 255, pixels[channel]);
        }
    }

    [TestMethod]
    [DataRow("heic_lossless.heic", "6973706500000000", 8, 12)]
    [DataRow("avif_lossless.avif", "6973706500000000", 8, 12)]
    [DataRow("jp2_codestream.j2k", "FF51", 6, 10, 22, 26)]
    public void Open_HeaderPromisesMoreThanCanBeDecoded_IsRefusedBeforeMemoryIsTaken(string name, string before, params int[] distances)
    {
        byte[] file = File.ReadAllBytes(TestFiles.Golden("pictures", name));
        int place = file.AsSpan().LastIndexOf(Convert.FromHexString(before));
        foreach (int distance in distances)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(place + distance), 60_000);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Show(file, new()));

        Assert.AreEqual($"a file of {file.Length} bytes has 60000 x 60000 pixels; 536870897 are the most that can be decoded. Shrink it.",
            error.Message);
    }

    [TestMethod]
    [DataRow("jp2_codestream.j2k")]
    [DataRow("jp2_lossless.jp2")]
    public void Open_HeaderPromisesManyTiles_IsRefusedBeforeMemoryIsTaken(string name)
    {
        byte[] file = File.ReadAllBytes(TestFiles.Golden("pictures", name));
        int place = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0x51]);
        foreach ((int distance, int value) in (ReadOnlySpan<(int, int)>)[(6, 2000), (10, 2000), (22, 8), (26, 8)])
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(place + distance), value);
        long before = Environment.WorkingSet;

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Show(file, new() { MaxPixels = 1 << 22 }));

        Assert.AreEqual($"a file of {file.Length} bytes is not a readable image.", error.Message);
        Assert.IsLessThan(100L << 20, Environment.WorkingSet - before);
    }

    [TestMethod]
    [DataRow("heic_444.heic")]
    [DataRow("avif_444.avif")]
    [DataRow("tiff_plain.tif")]
    [DataRow("jxl_lossy.jxl")]
    [DataRow("jp2_lossy.jp2")]
    public void Open_MaxPixels_IsTheMostAllowed(string name)
    {
        Show(name, new() { MaxPixels = 64 * 40 });

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Show(name, new() { MaxPixels = 64 * 40 - 1 }));

        StringAssert.EndsWith(error.Message, " has 64 x 40 pixels, more than 2559. Shrink it, or allow more by MaxPixels.",
            StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("heic_444.heic", true)]
    [DataRow("tiff_plain.tif", true)]
    [DataRow("avif_444.avif", false)]
    [DataRow("jxl_lossy.jxl", false)]
    [DataRow("jp2_lossy.jp2", false)]
    public void Open_Truncated_ThrowsUnlessAcceptedWhereTheDecoderGoesOn(string name, bool isAccepted)
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Golden("pictures", name)), part = whole[..(whole.Length * 3 / 4)];
        string message = $"a file of {part.Length} bytes is not a readable image.";

        Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(() => Show(part, new())).Message);
        var accepting = new ImagePreparationOptions { AcceptTruncated = true };
        if (!isAccepted)
        {
            Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(() => Show(part, accepting)).Message);
            return;
        }

        ShownImage expected = Show(whole, new()), shown = Show(part, accepting);
        CollectionAssert.AreEqual(expected.Pixels[..64], shown.Pixels[..64]);
        CollectionAssert.AreNotEqual(expected.Pixels, shown.Pixels);
    }

    [TestMethod]
    [DataRow("49492A00")]
    [DataRow("4D4D002A")]
    [DataRow("FF0A")]
    [DataRow("0000000C6A5020200D0A870A")]
    [DataRow("0000001866747970686569630000000068656963")]
    public void Open_ContentOfAnotherFormatBehindTheSignature_IsNotLookedFor(string signature)
    {
        string[] contents = ["<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "push graphic-context\nviewbox 0 0 9 9",
            "<?xml version='1.0'?><image><read filename='photo.jpg'/></image>", "P6 1 1 255 abc", "inline:data:image/png;base64,"];
        foreach (byte[] content in contents.Select(Encoding.ASCII.GetBytes)
            .Append(File.ReadAllBytes(TestFiles.Golden("kinds", "rgb.png"))))
        {
            byte[] file = [.. Convert.FromHexString(signature), .. content];
            InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Show(file, new()));
            Assert.AreEqual($"a file of {file.Length} bytes is not a readable image.", error.Message);
        }
    }

    [TestMethod]
    public void Open_SideBySide_GivesThePixelsOfOneAfterTheOther()
    {
        string[] names = [.. Pictures.Select(picture => (string)picture[0])];
        int[][] alone = [.. names.Select(name => Show(name).Pixels)];
        var together = new int[names.Length][];

        Parallel.For(0, names.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[i] = Show(names[i]).Pixels);

        for (int i = 0; i < names.Length; i++)
            CollectionAssert.AreEqual(alone[i], together[i], names[i]);
    }

    [TestMethod]
    public void Factory_LimitsOfTheProcess_AreLoweredAlone()
    {
        ulong area = ResourceLimits.Area;

        Show("tiff_plain.tif");

        Assert.AreEqual((1UL, 0UL), (ResourceLimits.Thread, ResourceLimits.Disk));
        Assert.IsLessThanOrEqualTo((ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, ResourceLimits.Memory);
        Assert.IsLessThanOrEqualTo(area, ResourceLimits.Area);
        Assert.IsLessThanOrEqualTo((ulong)int.MaxValue, ResourceLimits.Area);
        Assert.IsLessThanOrEqualTo((ulong)int.MaxValue, ResourceLimits.MaxMemoryRequest);
    }

    [TestMethod]
    public void Find_Assemblies_IsTheFirstThatThereIs()
    {
        Assert.IsNull(MagickPackage.Find(["Magick.NET-Q8-x64", "Magick.NET-Q8-arm64"]));
        Assert.AreEqual(typeof(MagickFactory), MagickPackage.Find(["Magick.NET-Q8-x64", "Magick.NET-Q8-AnyCPU"]));
        Assert.IsTrue(MagickPackage.IsReferenced);
    }

    private static ShownImage Show(string name, ImagePreparationOptions? options = null)
        => Show(File.ReadAllBytes(TestFiles.Golden("pictures", name)), options ?? new ImagePreparationOptions());

    private static ShownImage Show(byte[] content, ImagePreparationOptions options)
    {
        var file = new FileBytes(new BufferPool());
        file.CopyFrom(new VBuffer<byte>(content.Length, content));
        using PixelRows rows = ImageDecoder.Open(file, options, new BufferPool());
        return ShownImage.Of(rows);
    }
}
