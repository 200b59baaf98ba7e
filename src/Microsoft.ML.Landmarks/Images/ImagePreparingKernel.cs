using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images.Resampling;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>Decodes, resizes, crops and normalises the photographs of a batch side by side.</summary>
internal sealed class ImagePreparingKernel(int imageSize, PhotographBatch photographs, SpareArrays spares, int capacity) : IBatchKernel
{
    private readonly AlignedArray<float>?[] _pixels = new AlignedArray<float>?[capacity];
    private int _rowCount;

    public void Read(int slot, long position)
    {
        photographs.Read(slot, position);
        _rowCount = slot + 1;
    }

    public long HeldBytes => photographs.HeldBytes + (long)_rowCount * PixelCount * sizeof(float);

    public void Run(int count, ParallelOptions parallelism)
    {
        using StageDurations.Measurement decoding = StageDurations.Decode.Measure();
        photographs.ForEach(0, count, Prepare, parallelism);
    }

    public Delegate GetGetter(int output) => (SlotGetter<VBuffer<float>>)((int slot, ref VBuffer<float> value) =>
    {
        if (photographs.IsMissing(slot))
            VectorValues.Fill(float.NaN, PixelCount, ref value);
        else
            ((ReadOnlySpan<float>)_pixels[slot]!.Span).CopyTo(ref value);
    });

    public void Dispose()
    {
        photographs.Dispose();
        foreach (AlignedArray<float> pixels in _pixels.OfType<AlignedArray<float>>())
            spares.Return(pixels);
        Array.Clear(_pixels);
    }

    /// <summary>Resizes, crops and normalises one image at several sizes, while its rows are read once.</summary>
    /// <param name="image">The image.</param>
    /// <param name="normaliser">Makes pixels of levels.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="pixels">[3, size, size] for each size, overwritten.</param>
    internal static void Prepare(PixelRows image, LevelNormaliser normaliser, ReadOnlySpan<int> sizes, ReadOnlySpan<Memory<float>> pixels)
    {
        var resamplers = new CubicResampler[sizes.Length];
        try
        {
            for (int i = 0; i < sizes.Length; i++)
                resamplers[i] = new CubicResampler(image, image.Crop(sizes[i]));
            // To the last row: a file that ends too early is no image, also where it ends below the square.
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                for (int i = 0; i < resamplers.Length; i++)
                    Prepare(row, resamplers[i], normaliser, pixels[i].Span);
            }
        }
        finally
        {
            foreach (CubicResampler? resampler in resamplers)
                resampler?.Dispose();
        }
    }

    private void Prepare(int slot, PixelRows image)
    {
        AlignedArray<float> pixels = _pixels[slot] ??= spares.Take(PixelCount);
        Prepare(image, photographs.Normaliser, [imageSize], [pixels.Memory]);
    }

    private static void Prepare(ReadOnlySpan<byte> row, CubicResampler resampler, LevelNormaliser normaliser, Span<float> pixels)
    {
        resampler.Read(row);
        while (resampler.TryNext(out int line, out ReadOnlySpan<byte> levels))
        {
            if (resampler.GivesColumns)
                normaliser.NormaliseColumn(levels, line, pixels);
            else
                normaliser.Normalise(levels, line, pixels);
        }
    }

    private int PixelCount => 3 * imageSize * imageSize;
}
