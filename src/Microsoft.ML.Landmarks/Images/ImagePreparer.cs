using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>Resizes, crops and normalises photographs at one or several sizes, while their rows are read once.</summary>
/// <param name="preparation">How they are prepared.</param>
/// <param name="sizes">Sides of the squares.</param>
internal sealed class ImagePreparer(ImagePreparationOptions preparation, IReadOnlyList<int> sizes)
{
    private const int Channels = 3;

    private readonly LevelNormaliser _normaliser = new(preparation.Mean, preparation.Std, preparation.Bgr);

    /// <summary>Values of a square: [3, size, size].</summary>
    public static int LengthOf(int size) => Channels * size * size;

    /// <summary>The longest sides to which a picture is resized.</summary>
    /// <param name="width">Its width, as it is shown.</param>
    /// <param name="height">Its height.</param>
    public (long Width, long Height) ResizedSidesOf(int width, int height)
    {
        (long longestWidth, long longestHeight) = (0, 0);
        foreach (int size in sizes)
        {
            ResizedCrop crop = FrameOf(size, width, height).Crop;
            (longestWidth, longestHeight) = (Math.Max(longestWidth, crop.ResizedWidth), Math.Max(longestHeight, crop.ResizedHeight));
        }

        return (longestWidth, longestHeight);
    }

    /// <param name="image">The photograph.</param>
    /// <param name="pixels">[3, size, size] for each size, overwritten.</param>
    public void Prepare(PixelRows image, ReadOnlySpan<Memory<float>> pixels)
    {
        Span<ImageFrame> frames = stackalloc ImageFrame[sizes.Count];
        var resamplers = new Resampler[sizes.Count];
        try
        {
            for (int i = 0; i < frames.Length; i++)
            {
                frames[i] = FrameOf(sizes[i], image.ShownWidth, image.ShownHeight);
                resamplers[i] = Resampler.Create(image, frames[i].Crop, preparation.Resampling);
                if (frames[i].HasBorder)
                    pixels[i].Span.Clear();
            }

            // To the last row: a file that ends too early is no image, also where it ends below the square.
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                for (int i = 0; i < resamplers.Length; i++)
                    Prepare(row, resamplers[i], frames[i], pixels[i].Span);
            }
        }
        finally
        {
            foreach (Resampler? resampler in resamplers)
                resampler?.Dispose();
        }
    }

    private ImageFrame FrameOf(int size, int width, int height)
        => ImageFrame.Of(width, height, size, preparation.ResizedSideOf(size, sizes[0]), preparation.Fit, preparation.Rounding);

    private void Prepare(ReadOnlySpan<byte> row, Resampler resampler, ImageFrame frame, Span<float> pixels)
    {
        resampler.Read(row);
        while (resampler.TryNext(out int line, out ReadOnlySpan<byte> levels))
        {
            if (resampler.GivesColumns)
                _normaliser.NormaliseColumn(levels, frame.X + line, frame.Y, frame.Size, pixels);
            else
                _normaliser.Normalise(levels, frame.X, frame.Y + line, frame.Size, pixels);
        }
    }
}
