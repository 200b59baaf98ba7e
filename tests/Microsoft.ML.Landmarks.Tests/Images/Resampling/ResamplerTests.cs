using CsCheck;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images.Resampling;

[TestClass]
public sealed class ResamplerTests
{
    public static IEnumerable<object[]> Kernels => ResamplingKernels.All;

    // Of OpenCV's cubic, CubicResamplerTests has the definition.
    private static readonly Gen<ImageResampling> s_resamplings
        = Gen.Int[(int)ImageResampling.OpenCvArea, (int)ImageResampling.PillowLanczos].Select(number => (ImageResampling)number);

    // Any part of a picture that is shrunk or enlarged, in width and in height apart, and stands in its file in any orientation.
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnyPartOfAnyPicture_EqualsTheDefinition(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        Gen<int> shown = Gen.Int[1, 40], rest = Gen.Int[0, 25];
        Gen.Select(s_resamplings, Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90]), Gen.Select(shown, shown), Gen.Select(rest, rest),
            Gen.Select(rest, rest), Gen.Int[1, 8]).Sample(
            (resampling, sides, part, before, behind, orientation) => AssertEqualsDefinition(
                resampling, sides, new(before.Item1 + part.Item1 + behind.Item1, before.Item2 + part.Item2 + behind.Item2,
                    before.Item1, before.Item2, part.Item1, part.Item2), orientation, kernel),
            iter: 1000, seed: "0N0XIzNsQ0O2");
    }

    // OpenCV takes other arithmetic where both sides are divided by whole numbers.
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_WholeFactors_EqualsTheDefinition(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        Gen.Select(s_resamplings, Gen.Select(Gen.Int[1, 25], Gen.Int[1, 25]), Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]),
            Gen.Select(Gen.Int[0, 10], Gen.Int[0, 10]), Gen.Int[1, 8]).Sample(
            (resampling, resized, factors, before, orientation) =>
            {
                int left = Math.Min(before.Item1, resized.Item1 - 1), top = Math.Min(before.Item2, resized.Item2 - 1);
                AssertEqualsDefinition(resampling, (resized.Item1 * factors.Item1, resized.Item2 * factors.Item2),
                    new(resized.Item1, resized.Item2, left, top, resized.Item1 - left, resized.Item2 - top), orientation, kernel);
            }, iter: 1500, seed: "0N0XIzNsQ0O2");
    }

    [TestMethod]
    [DataRow(2500, 1500, 192, 115, 1)]
    [DataRow(1500, 2500, 101, 166, 6)]
    [DataRow(4999, 7, 33, 70, 8)]
    [DataRow(3, 2999, 500, 5, 3)]
    [DataRow(1280, 960, 320, 240, 5)]
    [DataRow(640, 427, 1403, 900, 7)]
    public void TryNext_LargePicture_EqualsScalarInEveryKernel(int width, int height, int resizedWidth, int resizedHeight, int orientation)
    {
        using PixelImage image = TestImages.Random(width, height, seed: 1),
            stored = TestImages.Stored(image, Orientation.Of((SkiaSharp.SKEncodedOrigin)orientation));
        var crop = new ResizedCrop(resizedWidth, resizedHeight, 0, 0, resizedWidth, resizedHeight);
        foreach (ImageResampling resampling in Enum.GetValues<ImageResampling>())
        {
            byte[] expected = TestImages.Resample(image, crop, resampling, Resampler.Kernel.Scalar);

            foreach (Resampler.Kernel kernel in Enum.GetValues<Resampler.Kernel>().Where(kernel => kernel <= Resampler.Fastest))
            {
                Assert.IsTrue(expected.AsSpan().SequenceEqual(TestImages.Resample(stored, crop, resampling, kernel)),
                    $"{resampling}, {kernel}");
            }
        }
    }

    // Weights add up to one, or to nearly: a level is kept.
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_OneColor_KeepsIt(int number)
    {
        using var image = new PixelImage(47, 35, new BufferPool());
        image.Pixels.Fill(113);
        foreach (ImageResampling resampling in Enum.GetValues<ImageResampling>())
        {
            foreach (int side in new[] { 1, 7, 33, 100 })
            {
                Assert.IsTrue(TestImages.Resample(image, new(side, side, 0, 0, side, side), resampling, ResamplingKernels.Get(number))
                    .All(level => level == 113), $"{resampling}, {side}");
            }
        }
    }

    // The middle square of a strip is a part of a picture that nothing could hold.
    [TestMethod]
    public void TryNext_PartOfAHugePicture_KeepsItsColor()
    {
        const int Side = 9, Length = 3_000_001;
        using var strip = new PixelImage(Length, 1, new BufferPool());
        strip.Pixels.Fill(113);
        foreach (ImageResampling resampling in Enum.GetValues<ImageResampling>())
        {
            var crop = new ResizedCrop((long)Length * Side * 100, Side, Length / 2 * 100L * Side, 0, Side, Side);

            Assert.IsTrue(TestImages.Resample(strip, crop, resampling, Resampler.Fastest).All(level => level == 113), $"{resampling}");
        }
    }

    // Pillow gives up here too. Where no row is asked for, none is held.
    [TestMethod]
    [DataRow(200_000_000, 1, ImageResampling.PillowLanczos, "A side of 200000000 pixels can't be resized to 384: ")]
    [DataRow(1, 200_000_000, ImageResampling.PillowLanczos, "A side of 200000000 pixels can't be resized to 384: ")]
    [DataRow(768, 200_000_000, ImageResampling.OpenCvArea, "A side of 200000000 pixels can't be resized to 384: ")]
    public void Create_SideThatIsTooLong_Throws(int width, int height, ImageResampling resampling, string start)
    {
        using var image = new NoRows(width, height);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
            => Resampler.Create(image, new(384, 384, 0, 0, 384, 384), resampling));

        Assert.AreEqual(start + "that takes more than 1 GB. Cut the photograph, or shrink it.", error.Message);
    }

    private static void AssertEqualsDefinition(ImageResampling resampling, (int Width, int Height) sides, ResizedCrop crop, int orientation,
        Resampler.Kernel kernel)
    {
        using PixelImage image = TestImages.Random(sides.Width, sides.Height, seed: sides.Width),
            stored = TestImages.Stored(image, Orientation.Of((SkiaSharp.SKEncodedOrigin)orientation));

        CollectionAssert.AreEqual(ResamplingDefinition.Of(image, crop, resampling), TestImages.Resample(stored, crop, resampling, kernel),
            $"{resampling}");
    }

    private sealed class NoRows(int width, int height) : PixelRows(width, height)
    {
        public override ReadOnlySpan<byte> Row(int y) => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
