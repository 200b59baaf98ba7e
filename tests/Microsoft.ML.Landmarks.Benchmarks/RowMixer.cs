using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>As many rows as wanted from few: each of them once, by chance, and then sums of two of them in which one has the larger
/// part.</summary>
internal sealed class RowMixer(float[][] rows, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Queue<float[]> _unused = new(Shuffled(rows, seed));

    public UnitRows Rows(int count)
    {
        var result = new UnitRows(rows[0].Length);
        while (result.Count < count)
        {
            float[] row = _unused.Count > 0 ? [.. _unused.Dequeue()] : Mix();
            if (UnitVector.TryNormalize(row))
                result.Add(row);
        }

        return result;
    }

    private float[] Mix()
    {
        float part = 0.5f + 0.5f * _random.NextSingle();
        return [.. rows[_random.Next(rows.Length)].Zip(rows[_random.Next(rows.Length)], (a, b) => part * a + (1 - part) * b)];
    }

    private static float[][] Shuffled(float[][] rows, int seed)
    {
        float[][] shuffled = [.. rows];
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }
}
