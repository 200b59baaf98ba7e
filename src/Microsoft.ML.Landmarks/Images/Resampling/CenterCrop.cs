namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// The middle square of an image whose shorter side is resized to <see cref="Size"/> pixels. The resized sides are rounded, halves to
/// even; the square starts at half of what is left over, rounded down (albumentations' SmallestMaxSize and CenterCrop).
/// </summary>
internal readonly record struct CenterCrop(int Size, long ResizedWidth, long ResizedHeight)
{
    public static CenterCrop Of(int width, int height, int size)
    {
        double scale = (double)size / Math.Min(width, height);
        return new(size, (long)Math.Round(width * scale), (long)Math.Round(height * scale));
    }

    public long Left => (ResizedWidth - Size) / 2;

    public long Top => (ResizedHeight - Size) / 2;
}
