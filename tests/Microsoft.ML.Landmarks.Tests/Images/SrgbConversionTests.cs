using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Photographs of other color spaces than sRGB, against LittleCMS.</summary>
[TestClass]
public sealed class SrgbConversionTests
{
    // Both work with more than 8 bits, and round in the end; decoders too.
    private const int Tolerance = 2;

    public static IEnumerable<object[]> Pictures => Directory.EnumerateFiles(TestFiles.Golden("colors"), "*.u8")
        .Select(file => new object[] { Path.GetFileNameWithoutExtension(file) });

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Open_ConvertToSrgb_GivesTheLevelsOfLittleCms(string name)
    {
        byte[] expected = File.ReadAllBytes(TestFiles.Golden("colors", $"{name}.u8"));

        byte[] levels = Read(name, new() { ConvertToSrgb = true });

        Assert.IsLessThanOrEqualTo(Tolerance, levels.Zip(expected, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Open_ConvertToSrgb_ChangesWhatIsNotOfSrgbAlone(string name)
    {
        bool isOfSrgb = name.StartsWith("srgb", StringComparison.Ordinal) || name.StartsWith("hdr", StringComparison.Ordinal)
            || name.StartsWith("plain", StringComparison.Ordinal);

        byte[] stored = Read(name, new()), converted = Read(name, new() { ConvertToSrgb = true });

        Assert.AreEqual(isOfSrgb, stored.SequenceEqual(converted));
    }

    [TestMethod]
    [DataRow(0.6)]
    [DataRow(0.8)]
    public void Open_TruncatedPhotographOfAnotherSpace_ConvertsWhatIsThere(double part)
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Golden("colors", "p3.jpg"));
        byte[] expected = Read(whole, new() { ConvertToSrgb = true });

        byte[] levels = Read(whole[..(int)(whole.Length * part)], new() { ConvertToSrgb = true, AcceptTruncated = true });

        CollectionAssert.AreEqual(expected[..(64 * 3)], levels[..(64 * 3)]);
        CollectionAssert.AreNotEqual(expected, levels);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("12")]
    [DataRow("2/2/6/1")]
    [DataRow("12/16/9/1")]
    [DataRow("9/18/9/1")]
    [DataRow("-12/13/0/1")]
    public void OfNumbers_OfNothingThatIsConverted_IsNull(string numbers) => Assert.IsNull(SrgbConversion.OfNumbers(numbers));

    [TestMethod]
    public void OfProfile_NoProfile_IsNull()
    {
        Assert.IsNull(SrgbConversion.OfProfile([]));
        Assert.IsNull(SrgbConversion.OfProfile(new byte[200]));
    }

    private static byte[] Read(string name, ImagePreparationOptions options)
        => Read(File.ReadAllBytes(TestFiles.Golden("colors", name)), options);

    private static byte[] Read(byte[] content, ImagePreparationOptions options)
    {
        var file = new FileBytes(new BufferPool());
        file.CopyFrom(new VBuffer<byte>(content.Length, content));
        using PixelRows rows = ImageDecoder.Open(file, options, new BufferPool());
        return [.. Enumerable.Range(0, rows.Height).SelectMany(y => rows.Row(y).ToArray().Chunk(4).SelectMany(pixel => pixel[..3]))];
    }
}
