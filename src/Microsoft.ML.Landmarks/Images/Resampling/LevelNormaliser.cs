using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Levels to the input of a network: <c>(level / 255 - mean) / std</c> of each channel, in single precision, to the last
/// bit.</summary>
/// <param name="mean">Of R, G and B.</param>
/// <param name="std">Of R, G and B.</param>
/// <param name="bgr">Whether the channels of the input are B, G, R.</param>
internal sealed partial class LevelNormaliser(IReadOnlyList<float> mean, IReadOnlyList<float> std, bool bgr)
{
    private const int Channels = 3;

    private readonly float[] _mean = [.. mean];
    private readonly float[] _std = [.. std];
    // Columns are no vectors in memory: looking a level up is what is left to gain.
    private readonly float[][] _ofLevel = [.. mean.Zip(std, Table)];

    /// <summary>A row, or a part of one, of a square image. Shapes: levels [3, count], pixels [3, size, size], of which count values of
    /// row <paramref name="y"/> are overwritten from column <paramref name="x"/> on.</summary>
    public void Normalise(ReadOnlySpan<byte> levels, int x, int y, int size, Span<float> pixels)
    {
        int count = levels.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            ReadOnlySpan<byte> source = levels.Slice(c * count, count);
            Span<float> target = pixels.Slice((PlaneOf(c) * size + y) * size + x, count);
            int done = 0;
            if (Vector256.IsHardwareAccelerated)
                done = Normalise256(source, _mean[c], _std[c], target);
            else if (Vector128.IsHardwareAccelerated)
                done = Normalise128(source, _mean[c], _std[c], target);
            NormaliseScalar(source[done..], _mean[c], _std[c], target[done..]);
        }
    }

    /// <summary>A column, or a part of one, of a square image. Shapes: levels [3, count], pixels [3, size, size], of which count values of
    /// column <paramref name="x"/> are overwritten from row <paramref name="y"/> on.</summary>
    public void NormaliseColumn(ReadOnlySpan<byte> levels, int x, int y, int size, Span<float> pixels)
    {
        int count = levels.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            ReadOnlySpan<float> ofLevel = _ofLevel[c];
            Span<float> target = pixels.Slice((PlaneOf(c) * size + y) * size);
            ReadOnlySpan<byte> source = levels.Slice(c * count, count);
            for (int i = 0; i < count; i++)
                target[i * size + x] = ofLevel[source[i]];
        }
    }

    private int PlaneOf(int channel) => bgr ? Channels - 1 - channel : channel;

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
