using System.Security.Cryptography;
using System.Text.Json;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Photographs of every shape, prepared as files of transformers and timm say, have the pixels of these programs.</summary>
[TestClass]
public sealed class PreparationGoldenTests
{
    private static readonly Case[] s_cases = JsonSerializer.Deserialize<Case[]>(
        File.ReadAllBytes(TestFiles.Golden("preparation", "expected.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> Configs => s_cases.Select(c => c.Config).Distinct().Select(config => new object[] { config });

    [TestMethod]
    [DynamicData(nameof(Configs))]
    public void FromFile_Published_GivesThePixelsOfItsProgram(string config)
    {
        ImagePreparation preparation = ImagePreparation.FromFile(TestFiles.Golden(config.Split('/')));
        Case[] cases = [.. s_cases.Where(c => c.Config == config)];
        var mlContext = new MLContext();
        IDataView photos = mlContext.Data.LoadFromEnumerable(
            cases.Select(c => new PathRow { ImagePath = TestFiles.Golden(c.Image.Split('/')) }));

        float[][] pixels = mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options(preparation.Options)
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = preparation.ImageSize,
        }).Fit(photos).Transform(photos).Vectors("Pixels");

        Assert.HasCount(18, cases);
        for (int i = 0; i < cases.Length; i++)
            AssertPixels(cases[i], preparation.Options, pixels[i]);
    }

    [TestMethod]
    public void Configs_AllOfTheFolders_AreTried()
    {
        string[] files = [.. new[] { "preparation", "networks/published/configs" }.SelectMany(folder
            => Directory.GetFiles(TestFiles.Golden(folder.Split('/')), "*.json").Select(file => $"{folder}/{Path.GetFileName(file)}"))];

        CollectionAssert.AreEquivalent(files.Except(["preparation/expected.json"]).ToArray(),
            s_cases.Select(c => c.Config).Distinct().ToArray());
    }

    private static void AssertPixels(Case expected, ImagePreparationOptions options, float[] pixels)
    {
        int size = expected.Size;
        Assert.HasCount(3 * size * size, pixels, expected.Image);
        // timm colors borders with the mean, rounded to a level; here they are 0.
        float tolerance = options.Fit == ImageFit.PadCenter ? 0.51f / byte.MaxValue / options.Std.Min() : 0;
        for (int i = 0; i < expected.Grid.Length; i++)
        {
            int grid = (int)Math.Sqrt(expected.Grid.Length / 3), channel = i / (grid * grid), y = i / grid % grid, x = i % grid;
            float found = pixels[(channel * size + Place(y)) * size + Place(x)];
            // transformers multiplies by 1 / 255 where timm divides; the expected values have seven digits.
            Assert.AreEqual(expected.Grid[i], found, Math.Max(tolerance, 2e-6f * Math.Max(1, Math.Abs(found))), expected.Image);

            int Place(int index) => (2 * index + 1) * size / (2 * grid);
        }

        Assert.AreEqual(expected.Sha256, Convert.ToHexStringLower(SHA256.HashData(Levels(pixels, options))), expected.Image);
    }

    // All levels, to the bit.
    private static byte[] Levels(float[] pixels, ImagePreparationOptions options)
    {
        int plane = pixels.Length / 3;
        return [.. pixels.Select((value, i) =>
        {
            int channel = options.Bgr ? 2 - i / plane : i / plane;
            return (byte)MathF.Round((value * options.Std[channel] + options.Mean[channel]) * byte.MaxValue);
        })];
    }

    private sealed record Case(string Config, string Image, int Size, string Sha256, float[] Grid);
}
