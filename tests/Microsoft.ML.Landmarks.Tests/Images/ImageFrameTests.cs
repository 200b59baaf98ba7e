using Microsoft.ML.Landmarks.Images;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class ImageFrameTests
{
    // albumentations: SmallestMaxSize and CenterCrop.
    [TestMethod]
    [DataRow(640, 427, 320, 480, 320, 80, 0)]
    [DataRow(427, 640, 320, 320, 480, 0, 80)]
    [DataRow(5, 2, 3, 8, 3, 2, 0)]     // 7.5 and its half round to even
    [DataRow(1, 1, 384, 384, 384, 0, 0)]
    [DataRow(1, 30_000_000, 384, 384, 11_520_000_000, 0, 5_759_999_808)]
    public void Of_Cropped_RoundsHalvesToEven(int width, int height, int size, long resizedWidth, long resizedHeight, long left, long top)
        => Assert.AreEqual(new ImageFrame(size, new(resizedWidth, resizedHeight, left, top, size, size), 0, 0),
            ImageFrame.Of(width, height, size, size, ImageFit.CropCenter, ImageRounding.Albumentations));

    // 256 / 427 of 640 is 383.7, and of 5 / 2 it is 7.5. The rest of 159, 79.5, is halved to 80 by torchvision: Python rounds to even.
    [TestMethod]
    [DataRow(640, 427, 256, 224, ImageRounding.Albumentations, 384, 80)]
    [DataRow(640, 427, 256, 224, ImageRounding.Torchvision, 383, 80)]
    [DataRow(640, 427, 256, 224, ImageRounding.Transformers, 383, 79)]
    [DataRow(635, 427, 256, 224, ImageRounding.Albumentations, 381, 78)]
    [DataRow(635, 427, 256, 224, ImageRounding.Torchvision, 380, 78)]
    [DataRow(637, 427, 256, 224, ImageRounding.Torchvision, 381, 78)]
    [DataRow(637, 427, 256, 224, ImageRounding.Transformers, 381, 78)]
    public void Of_CroppedAfterALongerSide_RoundsAsToldTo(int longer, int shorter, int side, int size, ImageRounding rounding,
        int resized, int first)
    {
        Assert.AreEqual(new ImageFrame(size, new(resized, side, first, (side - size) / 2, size, size), 0, 0),
            ImageFrame.Of(longer, shorter, size, side, ImageFit.CropCenter, rounding));
        Assert.AreEqual(new ImageFrame(size, new(side, resized, (side - size) / 2, first, size, size), 0, 0),
            ImageFrame.Of(shorter, longer, size, side, ImageFit.CropCenter, rounding));
    }

    [TestMethod]
    [DataRow(640, 427, 256)]
    [DataRow(3, 4000, 224)]
    public void Of_Squashed_HasBothSidesWhateverTheirRatio(int width, int height, int side)
        => Assert.AreEqual(new ImageFrame(224, new(side, side, (side - 224) / 2, (side - 224) / 2, 224, 224), 0, 0),
            ImageFrame.Of(width, height, 224, side, ImageFit.Squash, ImageRounding.Transformers));

    [TestMethod]
    [DataRow(640, 427, 224, 149, 0, 37)]     // 149.45 rows, 75 free, 37 of them above
    [DataRow(427, 640, 149, 224, 37, 0)]
    [DataRow(100_000, 1, 224, 1, 0, 111)]    // no row would be left
    [DataRow(7, 7, 224, 224, 0, 0)]
    public void Of_Padded_LiesInTheMiddle(int width, int height, int shownWidth, int shownHeight, int x, int y)
        => Assert.AreEqual(new ImageFrame(224, new(shownWidth, shownHeight, 0, 0, shownWidth, shownHeight), x, y),
            ImageFrame.Of(width, height, 224, 224, ImageFit.PadCenter, ImageRounding.Torchvision));

    // timm's "border" with a crop_pct below 1: the longer side is cropped, the shorter one still has borders.
    [TestMethod]
    public void Of_PaddedAfterALongerSide_CropsThat()
        => Assert.AreEqual(new ImageFrame(224, new(256, 171, 16, 0, 224, 171), 0, 26),
            ImageFrame.Of(640, 427, 224, 256, ImageFit.PadCenter, ImageRounding.Torchvision));
}
