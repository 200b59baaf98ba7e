using CsCheck;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;
using Microsoft.ML.Landmarks.Tests.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class ImagePreparerTests
{
    // At two sizes at once, from rows as they stand in a file that is to be turned: what the turned picture has, resized, put into its
    // place in the square, and normalised.
    [TestMethod]
    public void Prepare_AnyFitAndOrientation_PutsTheTurnedPictureIntoItsPlace()
        => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 30], Gen.Int[0, 20], Gen.Int[1, 8],
            Gen.Enum<ImageFit>(), Gen.Enum<ImageRounding>(), Gen.Bool).Sample(
            (width, height, size, more, orientation, fit, rounding, bgr) =>
            {
                var preparation = new ImagePreparationOptions
                {
                    Fit = fit,
                    ShorterSideTo = more > 0 ? size + more : null,
                    Rounding = rounding,
                    Bgr = bgr,
                };
                int[] sizes = [size, 2 * size];
                using PixelImage turned = TestImages.Random(width, height, seed: width),
                    stored = TestImages.Stored(turned, Orientation.Of((SkiaSharp.SKEncodedOrigin)orientation));
                float[][] pixels = [.. sizes.Select(size => Enumerable.Repeat(float.NaN, ImagePreparer.LengthOf(size)).ToArray())];

                new ImagePreparer(preparation, sizes).Prepare(stored, [.. pixels.Select(values => values.AsMemory())]);

                CollectionAssert.AreEqual(Expected(turned, size, size + more, preparation), pixels[0]);
                CollectionAssert.AreEqual(Expected(turned, 2 * size, 2 * (size + more), preparation), pixels[1]);
            }, iter: 500, seed: "0N0XIzNsQ0O2");

    private static float[] Expected(PixelImage image, int size, int resizedSide, ImagePreparationOptions preparation)
    {
        ImageFrame frame = ImageFrame.Of(image.Width, image.Height, size, resizedSide, preparation.Fit, preparation.Rounding);
        var pixels = new float[3 * size * size];
        using var resampler = Resampler.Create(image, frame.Crop, ImageResampling.OpenCvCubic, Resampler.Kernel.Scalar);
        for (int row = 0; row < image.Height; row++)
        {
            resampler.Read(image.Row(row));
            while (resampler.TryNext(out int line, out ReadOnlySpan<byte> levels))
            {
                for (int i = 0; i < levels.Length; i++)
                {
                    int channel = i / frame.Crop.Width, plane = preparation.Bgr ? 2 - channel : channel;
                    pixels[(plane * size + frame.Y + line) * size + frame.X + i % frame.Crop.Width]
                        = (levels[i] / 255f - preparation.Mean[channel]) / preparation.Std[channel];
                }
            }
        }

        return pixels;
    }
}
