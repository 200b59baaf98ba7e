using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>Decodes, resizes, crops and normalises the photographs of a batch on all cores.</summary>
internal sealed class ImagePreparingKernel(int imageSize, PhotographBatch photographs, int capacity) : IBatchKernel
{
    private readonly float[]?[] _pixels = new float[capacity][];

    public void Read(int slot, long position) => photographs.Read(slot, position);

    public void Run(int count)
    {
        photographs.ForEach(0, count, (slot, image) => Prepare(image, imageSize, photographs.Normaliser, PixelsOf(slot)));
        for (int slot = 0; slot < count; slot++)
        {
            if (photographs.IsMissing(slot))
                Array.Fill(PixelsOf(slot), float.NaN);
        }
    }

    public Delegate GetGetter(int output) => (SlotGetter<VBuffer<float>>)((int slot, ref VBuffer<float> value)
        => new ReadOnlySpan<float>(PixelsOf(slot)).CopyTo(ref value));

    public void Dispose() => photographs.Dispose();

    /// <summary>Resizes, crops and normalises one image to pixels [3, size, size].</summary>
    internal static void Prepare(PixelRows image, int size, LevelNormaliser normaliser, Span<float> pixels)
    {
        using var resampler = new CubicResampler(image, CenterCrop.Of(image.Width, image.Height, size));
        for (int y = 0; y < size; y++)
            normaliser.Normalise(resampler.NextRow(), y, pixels);
        // A file that ends too early is no image, also where it ends below the square.
        image.Row(image.Height - 1);
    }

    private float[] PixelsOf(int slot) => _pixels[slot] ??= new float[3 * imageSize * imageSize];
}
