using System.Security.Cryptography;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Pixels of photographs of every kind, against those of Pillow and OpenCV.</summary>
[TestClass]
public sealed class PrepareImagesGoldenTests
{
    private const int GridSize = 10;

    // Decoders convert CMYK differently.
    private const int CmykTolerance = 3;

    private static readonly float[] s_mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] s_std = [0.229f, 0.224f, 0.225f];

    public static IEnumerable<object[]> Cases
        => from golden in GoldenCase.ReadAll() from crop in golden.Crops select new object[] { golden, crop };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transform_Photograph_HasTheGoldenPixels(GoldenCase golden, GoldenCrop crop)
    {
        byte[] levels = Levels(Prepare(golden, crop.Size), crop.Size);

        int tolerance = golden.Name == "cmyk" ? CmykTolerance : 0;
        for (int i = 0; i < crop.Grid.Length; i++)
            Assert.IsLessThanOrEqualTo(tolerance, Math.Abs(crop.Grid[i] - levels[GridPlace(i, crop.Size)]), $"level {i} of the grid");
        if (tolerance == 0)
            Assert.AreEqual(crop.Sha256, Convert.ToHexStringLower(SHA256.HashData(levels)));
    }

    [TestMethod]
    [DataRow("landscape_320x213", 0)]
    [DataRow("tall_224x640", 0)]
    [DataRow("square_640x640", 0)]
    [DataRow("cmyk", CmykTolerance)]
    public void Transform_Photograph_HasEveryGoldenPixel(string name, int tolerance)
    {
        byte[] expected = File.ReadAllBytes(TestFiles.Golden("pixels", $"{name}_384.u8"));

        byte[] levels = Levels(Prepare(GoldenCase.ReadAll().Single(c => c.Name == name), 384), 384);

        Assert.HasCount(expected.Length, levels);
        Assert.IsLessThanOrEqualTo(tolerance, levels.Zip(expected, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    public void Transform_FileBytes_HasThePixelsOfThePath()
    {
        var mlContext = new MLContext();
        GoldenCase[] cases = GoldenCase.ReadAll();
        IDataView files = mlContext.Data.LoadFromEnumerable(cases.Select(c => new FileRow { File = File.ReadAllBytes(c.Path) }));

        float[][] pixels = mlContext.Transforms.PrepareImages("Pixels", "File", imageSize: 64, applyOrientation: false).Fit(files)
            .Transform(files).Vectors("Pixels");

        for (int i = 0; i < cases.Length; i++)
            CollectionAssert.AreEqual(Prepare(cases[i] with { ApplyOrientation = false }, 64), pixels[i], cases[i].Name);
    }

    [TestMethod]
    public void Transform_LoadedImages_HasThePixelsOfThePath()
    {
        // The stock step multiplies by alpha, which rounds; the orientation it leaves to be read from the file.
        GoldenCase[] cases = [.. GoldenCase.ReadAll().Where(c => c.Name != "alpha").Select(c => c with { ApplyOrientation = true })];
        var mlContext = new MLContext();
        IDataView paths = mlContext.Data.LoadFromEnumerable(cases.Select(c => new PathRow { ImagePath = c.Path }));
        var pipeline = mlContext.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(mlContext.Transforms.PrepareImages("Pixels", "Image", imageSize: 64));

        float[][] pixels = pipeline.Fit(paths).Transform(paths).Vectors("Pixels");

        for (int i = 0; i < cases.Length; i++)
            CollectionAssert.AreEqual(Prepare(cases[i], 64), pixels[i], cases[i].Name);
    }

    private static float[] Prepare(GoldenCase golden, int size)
    {
        var mlContext = new MLContext();
        IDataView paths = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = golden.Path }]);
        return mlContext.Transforms.PrepareImages("Pixels", "ImagePath", size, golden.ApplyOrientation).Fit(paths)
            .Transform(paths).Vectors("Pixels").Single();
    }

    // Undoes the normalisation, which must be the single-precision arithmetic of the formula to the last bit.
    private static byte[] Levels(float[] pixels, int size)
    {
        var levels = new byte[pixels.Length];
        int area = size * size;
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / area;
            byte level = (byte)Math.Round((pixels[i] * s_std[channel] + s_mean[channel]) * 255);
            Assert.AreEqual((level / 255f - s_mean[channel]) / s_std[channel], pixels[i]);
            levels[i % area * 3 + channel] = level;
        }

        return levels;
    }

    private static int GridPlace(int i, int size)
    {
        int pixel = i / 3, row = Place(pixel / GridSize), column = Place(pixel % GridSize);
        return (row * size + column) * 3 + i % 3;
        int Place(int n) => (2 * n + 1) * size / (2 * GridSize);
    }
}
