using System.Numerics.Tensors;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// Rows like the pooled outputs of a convolutional network behind a ReLU: none below 0, about a common mean, most values small and few
/// large, with variance in many directions, the less the further.
/// </summary>
internal sealed class NetworkRowGenerator
{
    private const int Latent = 256;
    private const int RowsPerGroup = 5;

    private readonly Random _random;
    private readonly float[][] _directions;
    private readonly float[] _mean;
    private float[] _center = [];
    private int _made;

    public NetworkRowGenerator(int dimension, int seed)
    {
        _random = new Random(seed);
        _directions = [.. Enumerable.Range(0, Latent).Select(i => Normal(dimension, Math.Pow(1 + i, -0.45)))];
        _mean = [.. Normal(dimension, 1.5).Select(value => value - 1)];
    }

    public UnitRows Rows(int count)
    {
        var rows = new UnitRows(_mean.Length);
        while (rows.Count < count)
        {
            if (_made++ % RowsPerGroup == 0)
                _center = Normal(Latent, 0.8);
            float[] row = [.. _mean], position = Normal(Latent, 0.6);
            for (int i = 0; i < Latent; i++)
                TensorPrimitives.MultiplyAdd(_directions[i], position[i] + _center[i], row, row);
            for (int i = 0; i < row.Length; i++)
                row[i] = row[i] > 0 ? (0.3f * row[i] + 0.1f) * row[i] : 0;
            UnitVector.TryNormalize(row);
            rows.Add(row);
        }

        return rows;
    }

    private float[] Normal(int count, double deviation)
        => [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * NormalValue.Next(_random)))];
}
