using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>Decodes, resizes, crops and normalises the photographs of a batch on all cores.</summary>
internal sealed class ImagePreparingKernel(ImagePreparingEstimator.Options options, PassWarnings warnings, ImageSource source, int capacity) : IBatchKernel
{
    private readonly float[]?[] _pixels = new float[capacity][];
    private readonly long[] _positions = new long[capacity];
    private readonly Exception?[] _errors = new Exception?[capacity];
    private readonly float[] _normalised = GetNormalisedLevels(options.Mean, options.Std);

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
            using PixelImage image = source.Decode(slot);
            byte[] levels = ArrayPool<byte>.Shared.Rent(pixels.Length);
            CubicResampler.Resize(image, CenterCrop.Of(image.Width, image.Height, size), levels.AsSpan(0, pixels.Length));
            Normalise(levels, pixels);
            ArrayPool<byte>.Shared.Return(levels);
        }
        catch (Exception e)
        {
            _errors[slot] = e;
            Array.Fill(pixels, float.NaN);
        }
    }

    // Levels [size, size, 3] to pixels [3, size, size].
    private void Normalise(ReadOnlySpan<byte> levels, Span<float> pixels)
    {
        int area = pixels.Length / 3;
        Span<float> red = pixels[..area], green = pixels.Slice(area, area), blue = pixels[(2 * area)..];
        ReadOnlySpan<float> reds = _normalised.AsSpan(0, 256), greens = _normalised.AsSpan(256, 256), blues = _normalised.AsSpan(512, 256);
        for (int i = 0; i < area; i++)
        {
            red[i] = reds[levels[3 * i]];
            green[i] = greens[levels[3 * i + 1]];
            blue[i] = blues[levels[3 * i + 2]];
        }
    }

    private static float[] GetNormalisedLevels(IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        var levels = new float[3 * 256];
        for (int i = 0; i < levels.Length; i++)
            levels[i] = (i % 256 / 255f - mean[i / 256]) / std[i / 256];
        return levels;
    }
}
