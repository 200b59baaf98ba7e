using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>Where a picture comes to lie in the square that a network takes.</summary>
/// <param name="Size">Side of the square.</param>
/// <param name="Crop">What is seen of the resized picture.</param>
/// <param name="X">Pixels of the square to the left of it.</param>
/// <param name="Y">Rows of the square above it.</param>
internal readonly record struct ImageFrame(int Size, ResizedCrop Crop, int X, int Y)
{
    /// <summary>Whether the picture leaves a part of the square free.</summary>
    public bool HasBorder => Crop.Width < Size || Crop.Height < Size;

    /// <param name="width">The width of the picture as it is shown.</param>
    /// <param name="height">Its height.</param>
    /// <param name="size">Side of the square.</param>
    /// <param name="resizedSide">The side to which it is resized: the shorter one where it is cropped, the longer one where the square has
    /// borders.</param>
    /// <param name="fit">How it is made to fit.</param>
    /// <param name="rounding">Whose pixels it has.</param>
    public static ImageFrame Of(int width, int height, int size, int resizedSide, ImageFit fit, ImageRounding rounding)
    {
        (long resizedWidth, long resizedHeight) = fit switch
        {
            ImageFit.Squash => (resizedSide, resizedSide),
            ImageFit.PadCenter => (Rounded(width, Math.Max(width, height)), Rounded(height, Math.Max(width, height))),
            _ when rounding == ImageRounding.Albumentations => (Rounded(width, Math.Min(width, height)),
                Rounded(height, Math.Min(width, height))),
            _ => (Cut(width, Math.Min(width, height)), Cut(height, Math.Min(width, height))),
        };
        (long left, int shownWidth, int x) = Place(resizedWidth, size, rounding);
        (long top, int shownHeight, int y) = Place(resizedHeight, size, rounding);
        return new(size, new(resizedWidth, resizedHeight, left, top, shownWidth, shownHeight), x, y);

        // The order of the operations is that of albumentations, and of timm's ResizeKeepRatio: it decides where halves fall.
        long Rounded(int side, int measure) => Math.Max(1, (long)Math.Round(rounding == ImageRounding.Albumentations
            ? side * ((double)resizedSide / measure) : side / ((double)measure / resizedSide)));

        long Cut(int side, int measure) => (long)((double)((long)resizedSide * side) / measure);
    }

    private static (long First, int Count, int Before) Place(long resized, int size, ImageRounding rounding)
    {
        if (resized < size)
            return (0, (int)resized, (size - (int)resized) / 2);
        long rest = resized - size;
        return (rounding == ImageRounding.Torchvision ? (long)Math.Round(rest / 2.0) : rest / 2, size, 0);
    }
}
