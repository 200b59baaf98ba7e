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
                int resizedSide = preparation.ResizedSideOf(sizes[i], sizes[0]);
                frames[i] = ImageFrame.Of(
                    image.ShownWidth, image.ShownHeight, sizes[i], resizedSide, preparation.Fit, preparation.Rounding);
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
