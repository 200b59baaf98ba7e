using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images.Resampling;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>Decodes, resizes, crops and normalises the photographs of a batch side by side.</summary>
internal sealed class ImagePreparingKernel(int imageSize, ImagePreparer preparer, PhotographBatch photographs, SpareArrays spares,
    int capacity) : IBatchKernel
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

    private void Prepare(int slot, PixelRows image)
    {
        AlignedArray<float> pixels = _pixels[slot] ??= spares.Take(PixelCount);
        preparer.Prepare(image, [pixels.Memory]);
    }

    private int PixelCount => ImagePreparer.LengthOf(imageSize);
}
