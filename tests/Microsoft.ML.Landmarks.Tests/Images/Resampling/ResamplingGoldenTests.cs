using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images.Resampling;

/// <summary>What Pillow and OpenCV make of pictures of noise, level for level.</summary>
[TestClass]
public sealed class ResamplingGoldenTests
{
    // Turned by hand, larger pictures take long without vectors.
    private const int MostPixelsToTurn = 100_000;

    public static IEnumerable<object[]> Kernels => ResamplingKernels.All;

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnySides_EqualsTheOtherProgram(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        string[] different = [.. Case.All.Where(c => c.HashOf(new Orientation(), kernel) != c.Hash).Select(c => $"{c}")];

        CollectionAssert.AreEqual(Array.Empty<string>(), different);
    }

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnyOrientation_EqualsTheOtherProgramOnTheTurnedPicture(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        IEnumerable<(Case Case, int Origin)> turned = from c in Case.All
                                                      where (long)c.Width * c.Height <= MostPixelsToTurn
                                                      from origin in Enumerable.Range(2, 7)
                                                      select (c, origin);
        string[] different = [.. turned
            .Where(t => t.Case.HashOf(Orientation.Of((SkiaSharp.SKEncodedOrigin)t.Origin), kernel) != t.Case.Hash)
            .Select(t => $"{t.Case}, orientation {t.Origin}")];

        CollectionAssert.AreEqual(Array.Empty<string>(), different);
    }

    private sealed record Case(string Resampling, int Picture, int Width, int Height, int NewWidth, int NewHeight, string Hash)
    {
        public static IEnumerable<Case> All => TestFiles.ReadCsv(TestFiles.Golden("resampling", "cases.csv"))
            .Select(row => new Case(row[0], Number(row[1]), Number(row[2]), Number(row[3]), Number(row[4]), Number(row[5]), row[6]));

        public string HashOf(Orientation orientation, Resampler.Kernel kernel)
        {
            using PixelImage picture = TestImages.Noise(Width, Height, Picture),
                stored = TestImages.Stored(picture, orientation);
            var crop = new ResizedCrop(NewWidth, NewHeight, 0, 0, NewWidth, NewHeight);
            byte[] levels = TestImages.Resample(stored, crop, Enum.Parse<ImageResampling>(Resampling), kernel);
            return Convert.ToHexStringLower(SHA256.HashData(levels));
        }

        public override string ToString() => $"{Resampling} of picture {Picture}: {Width} x {Height} to {NewWidth} x {NewHeight}";

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
