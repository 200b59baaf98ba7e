using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Levels to the input of a network: <c>(level / 255 - mean) / std</c> of each channel, in single precision, to the last
/// bit.</summary>
internal sealed partial class LevelNormaliser(IReadOnlyList<float> mean, IReadOnlyList<float> std)
{
    private const int Channels = 3;

    private readonly float[] _mean = [.. mean];
    private readonly float[] _std = [.. std];
    // Columns are no vectors in memory: looking a level up is what is left to gain.
    private readonly float[][] _ofLevel = [.. mean.Zip(std, Table)];

    /// <summary>One row of an image. Shapes: levels [3, size], pixels [3, size, size], of which row <paramref name="y"/> is
    /// overwritten.</summary>
    public void Normalise(ReadOnlySpan<byte> levels, int y, Span<float> pixels)
    {
        int size = levels.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            ReadOnlySpan<byte> source = levels.Slice(c * size, size);
            Span<float> target = pixels.Slice((c * size + y) * size, size);
            int done = 0;
            if (Vector256.IsHardwareAccelerated)
                done = Normalise256(source, _mean[c], _std[c], target);
            else if (Vector128.IsHardwareAccelerated)
                done = Normalise128(source, _mean[c], _std[c], target);
            NormaliseScalar(source[done..], _mean[c], _std[c], target[done..]);
        }
    }

    /// <summary>One column of an image. Shapes: levels [3, size], pixels [3, size, size], of which column <paramref name="x"/> is
    /// overwritten.</summary>
    public void NormaliseColumn(ReadOnlySpan<byte> levels, int x, Span<float> pixels)
    {
        int size = levels.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            ReadOnlySpan<float> ofLevel = _ofLevel[c];
            Span<float> target = pixels.Slice(c * size * size, size * size);
            ReadOnlySpan<byte> source = levels.Slice(c * size, size);
            for (int y = 0; y < size; y++)
                target[y * size + x] = ofLevel[source[y]];
        }
    }

    private static float[] Table(float mean, float std)
    {
        var pixels = new float[byte.MaxValue + 1];
        NormaliseScalar([.. Enumerable.Range(0, pixels.Length).Select(level => (byte)level)], mean, std, pixels);
        return pixels;
    }

    private static void NormaliseScalar(ReadOnlySpan<byte> levels, float mean, float std, Span<float> pixels)
    {
        for (int i = 0; i < levels.Length; i++)
            pixels[i] = (levels[i] / 255f - mean) / std;
    }
}
