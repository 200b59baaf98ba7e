namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>Chooses rows of a known number at random, each choice of as many rows as likely as any other, and the same one each
/// time.</summary>
/// <param name="rowCount">Rows to choose from.</param>
/// <param name="sampleSize">Rows to take; all where there are fewer.</param>
/// <remarks>Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.</remarks>
internal sealed class RowSample(long rowCount, long sampleSize)
{
    private const int Seed = 1;

    private readonly Random _random = new(Seed);
    private long _left = rowCount, _needed = Math.Min(rowCount, sampleSize);

    /// <summary>Whether the next row is taken.</summary>
    public bool TakesNext()
    {
        if (_needed == 0 || _random.NextInt64(_left--) >= _needed)
            return false;
        _needed--;
        return true;
    }
}
