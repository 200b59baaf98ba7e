using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>Decodes, resizes, crops and normalises the photographs of a batch on all cores.</summary>
internal sealed class ImagePreparingKernel(ImagePreparingEstimator.Options options, PassWarnings warnings, ImageSource source, int capacity) : IBatchKernel
{
    private readonly float[]?[] _pixels = new float[capacity][];
    private readonly long[] _positions = new long[capacity];
    private readonly Exception?[] _errors = new Exception?[capacity];
    private readonly LevelNormaliser _normaliser = new(options.Mean, options.Std);

    public void Read(int slot, long position)
    {
        _positions[slot] = position;
        source.Read(slot);
    }

    public void Run(int count)
    {
        ParallelLoop.For(count, new ParallelOptions(), Prepare);
        for (int slot = 0; slot < count; slot++)
        {
            if (_errors[slot] is not { } error)
                continue;
            if (error is not InvalidDataException)
                ExceptionDispatchInfo.Throw(error);
            InvalidDataException named = Errors.BadImage(_positions[slot], error);
            if (options.BadImages == BadImageHandling.Throw)
                throw named;
            warnings.AddSkippedImage(named.Message);
        }
    }

    public Delegate GetGetter(int output) => (SlotGetter<VBuffer<float>>)((int slot, ref VBuffer<float> value) =>
    {
        float[] pixels = _pixels[slot]!;
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, pixels.Length);
        pixels.CopyTo(editor.Values);
        value = editor.Commit();
    });

    public void Dispose() => source.Dispose();

    private void Prepare(int slot)
    {
        int size = options.ImageSize;
        float[] pixels = _pixels[slot] ??= new float[3 * size * size];
        try
        {
            _errors[slot] = null;
            using PixelRows image = source.Open(slot);
            Prepare(image, size, _normaliser, pixels);
        }
        catch (Exception e)
        {
            _errors[slot] = e;
            Array.Fill(pixels, float.NaN);
        }
    }

    /// <summary>Resizes, crops and normalises one image to pixels [3, size, size].</summary>
    internal static void Prepare(PixelRows image, int size, LevelNormaliser normaliser, Span<float> pixels)
    {
        using var resampler = new CubicResampler(image, CenterCrop.Of(image.Width, image.Height, size));
        for (int y = 0; y < size; y++)
            normaliser.Normalise(resampler.NextRow(), y, pixels);
        // A file that ends too early is no image, also where it ends below the square.
        image.Row(image.Height - 1);
    }
}
