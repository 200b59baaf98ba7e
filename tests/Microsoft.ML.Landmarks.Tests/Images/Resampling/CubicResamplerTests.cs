using CsCheck;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images.Resampling;

[TestClass]
public sealed class CubicResamplerTests
{
    public static IEnumerable<object[]> Kernels => ResamplingKernels.All;

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnySides_EqualsOpenCvsDefinition(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 40], Gen.Int[0, 1000]).Sample(
            (width, height, size, seed) =>
            {
                using PixelImage image = TestImages.Random(width, height, seed);
                ResizedCrop crop = Square(width, height, size);

                CollectionAssert.AreEqual(Reference(image, crop), Resample(image, crop, kernel));
            }, iter: 300, seed: "0N0XIzNsQ0O2");
    }

    // Enlarged and shrunk, in width and in height apart, and rectangles anywhere: the ends of rows are where vectors and OpenCV's own tail
    // meet.
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnyRectangle_EqualsScalar(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 200], Gen.Int[1, 130], Gen.Int[1, 130], Gen.Int[0, 150], Gen.Int[0, 90],
            Gen.Int[0, 1000]).Sample(
            (width, height, cropWidth, cropHeight, moreWidth, moreHeight, seed) =>
            {
                using PixelImage image = TestImages.Random(width, height, seed);
                ResizedCrop crop = Rectangle(cropWidth, cropHeight, moreWidth, moreHeight);

                CollectionAssert.AreEqual(Resample(image, crop, Resampler.Kernel.Scalar), Resample(image, crop, kernel));
            }, iter: 300, seed: "0N0XIzNsQ0O2");
    }

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnyRectangleOfATurnedImage_EqualsOpenCvsDefinition(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 50], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[1, 8]).Sample(
            (width, height, cropWidth, cropHeight, moreWidth, moreHeight, orientation) =>
            {
                using PixelImage turned = TestImages.Random(width, height, seed: width),
                    stored = TestImages.Stored(turned, Orientation.Of((SkiaSharp.SKEncodedOrigin)orientation));
                ResizedCrop crop = Rectangle(cropWidth, cropHeight, moreWidth, moreHeight);

                CollectionAssert.AreEqual(Reference(turned, crop), Resample(stored, crop, kernel));
            }, iter: 300, seed: "0N0XIzNsQ0O2");
    }

    [TestMethod]
    [DataRow(5000, 3000, 384)]
    [DataRow(3000, 5000, 321)]
    [DataRow(4999, 7, 33)]
    [DataRow(3, 2999, 500)]
    [DataRow(640, 427, 1403)]
    public void TryNext_LargeImage_EqualsScalarInEveryKernel(int width, int height, int size)
    {
        using PixelImage image = TestImages.Random(width, height, seed: 1);
        ResizedCrop crop = Square(width, height, size);
        byte[] expected = Resample(image, crop, Resampler.Kernel.Scalar);

        foreach (Resampler.Kernel kernel in Enum.GetValues<Resampler.Kernel>().Where(kernel => kernel <= Resampler.Fastest))
            Assert.IsTrue(expected.AsSpan().SequenceEqual(Resample(image, crop, kernel)), $"{kernel}");
    }

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_OneColor_KeepsIt(int number)
    {
        using var image = new PixelImage(7, 5, new BufferPool());
        image.Pixels.Fill(113);

        Assert.IsTrue(Resample(image, Square(7, 5, 33), ResamplingKernels.Get(number)).All(level => level == 113));
    }

    // Turned while it is resized, the square is that of the image that was turned before: each level is a sum over the same pixels,
    // rounded alike.
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_AnyOrientation_EqualsTheTurnedImage(int number)
    {
        Resampler.Kernel kernel = ResamplingKernels.Get(number);
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[1, 40], Gen.Int[1, 8], Gen.Int[0, 1000]).Sample(
            (width, height, size, orientation, seed) =>
            {
                using PixelImage turned = TestImages.Random(width, height, seed),
                    stored = TestImages.Stored(turned, Orientation.Of((SkiaSharp.SKEncodedOrigin)orientation));
                ResizedCrop crop = Square(width, height, size);

                Assert.AreEqual((width, height), (stored.ShownWidth, stored.ShownHeight));
                CollectionAssert.AreEqual(Reference(turned, crop), Resample(stored, crop, kernel));
            }, iter: 600, seed: "0N0XIzNsQ0O2");
    }

    [TestMethod]
    [DataRow(3000, 5000, 384, 6)]
    [DataRow(640, 427, 1403, 8)]
    [DataRow(4999, 700, 33, 5)]
    [DataRow(1200, 900, 900, 7)]
    [DataRow(1200, 900, 384, 3)]
    public void TryNext_LargeTurnedImage_EqualsTheTurnedImageInEveryKernel(int width, int height, int size, int orientation)
    {
        using PixelImage turned = TestImages.Random(width, height, seed: 1),
            stored = TestImages.Stored(turned, Orientation.Of((SkiaSharp.SKEncodedOrigin)orientation));
        ResizedCrop crop = Square(width, height, size);
        byte[] expected = Resample(turned, crop, Resampler.Kernel.Scalar);

        foreach (Resampler.Kernel kernel in Enum.GetValues<Resampler.Kernel>().Where(kernel => kernel <= Resampler.Fastest))
            Assert.IsTrue(expected.AsSpan().SequenceEqual(Resample(stored, crop, kernel)), $"{kernel}");
    }

    // Black beside white, the most that weights can add up to on either side: saturated, not wrapped.
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void TryNext_BlackAndWhite_Saturates(int number)
    {
        using var image = new PixelImage(64, 48, new BufferPool());
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)((i / 4 / 3 + i / 4 / 64 / 3) % 2 * 255);
        ResizedCrop crop = Square(64, 48, 101);

        byte[] levels = Resample(image, crop, ResamplingKernels.Get(number));

        CollectionAssert.AreEqual(Reference(image, crop), levels);
        CollectionAssert.IsSubsetOf(new byte[] { 0, 255 }, levels);
    }

    // The whole image, pixel by pixel, without the crop: rows in integers; columns in single precision, in integers for what a row holds
    // beyond a multiple of 8 levels.
    private static byte[] Reference(PixelImage image, ResizedCrop crop)
    {
        int width = (int)crop.ResizedWidth, height = (int)crop.ResizedHeight;
        var result = new byte[crop.Width * crop.Height * 3];
        for (int y = 0; y < crop.Height; y++)
        {
            for (int x = 0; x < crop.Width; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                    result[(y * crop.Width + x) * 3 + channel] = Level((int)crop.Left + x, (int)crop.Top + y, channel);
            }
        }

        return result;

        byte Level(int x, int y, int channel)
        {
            if (width == image.Width && height == image.Height)
                return Source(x, y, channel);
            (int firstColumn, int[] columnWeights) = Weights(x, width, image.Width);
            (int firstRow, int[] rowWeights) = Weights(y, height, image.Height);
            var sums = new int[4];
            for (int row = 0; row < 4; row++)
            {
                for (int column = 0; column < 4; column++)
                    sums[row] += columnWeights[column] * Source(firstColumn + column, firstRow + row, channel);
            }

            if (x * 3 + channel >= width * 3 / 8 * 8)
                return (byte)Math.Clamp((sums.Zip(rowWeights, (s, w) => s * w).Sum() + (1 << 21)) >> 22, 0, 255);
            float scale = 1f / (1 << 22);
            float level = sums[3] * (rowWeights[3] * scale);
            for (int row = 2; row >= 0; row--)
                level = sums[row] * (rowWeights[row] * scale) + level;
            return (byte)Math.Clamp((int)MathF.Round(level, MidpointRounding.ToEven), 0, 255);
        }

        byte Source(int x, int y, int channel)
            => image.Pixels[(Math.Clamp(y, 0, image.Height - 1) * image.Width + Math.Clamp(x, 0, image.Width - 1)) * 4 + channel];
    }

    private static (int First, int[] Weights) Weights(int place, int resized, int original)
    {
        float position = (float)((place + 0.5) * (1 / ((double)resized / original)) - 0.5);
        float x = position - MathF.Floor(position);
        const float A = -0.75f;
        float before = ((A * (x + 1) - 5 * A) * (x + 1) + 8 * A) * (x + 1) - 4 * A;
        float left = ((A + 2) * x - (A + 3)) * x * x + 1;
        float right = ((A + 2) * (1 - x) - (A + 3)) * (1 - x) * (1 - x) + 1;
        float[] weights = [before, left, right, 1f - before - left - right];
        return ((int)MathF.Floor(position) - 1, [.. weights.Select(w => (int)MathF.Round(w * 2048, MidpointRounding.ToEven))]);
    }

    private static ResizedCrop Square(int width, int height, int size)
        => ImageFrame.Of(width, height, size, size, ImageFit.CropCenter, ImageRounding.Albumentations).Crop;

    private static ResizedCrop Rectangle(int width, int height, int moreWidth, int moreHeight)
        => new(width + moreWidth, height + moreHeight, moreWidth / 3, moreHeight / 2, width, height);

    private static byte[] Resample(PixelImage image, ResizedCrop crop, Resampler.Kernel kernel)
        => TestImages.Resample(image, crop, ImageResampling.OpenCvCubic, kernel);
}
