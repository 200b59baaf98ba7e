using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// Rows like the generated sets of the tests (Golden/oracle/penalized_knn.py): landmarks of five rows around a center in a space of few
/// dimensions, non-landmarks in topics of their own, mixed into many dimensions with a common mean and noise.
/// </summary>
internal sealed class RowGenerator
{
    private const int Latent = 24;
    private const int RowsPerLandmark = 5;
    private const int RowsPerTopic = 20;

    private readonly int _dimension;
    private readonly Random _random;
    private readonly double[] _mix;
    private readonly double[] _mean;
    private double[][] _centers = [];
    private double[][] _topics = [];

    public RowGenerator(int dimension, int seed)
    {
        _dimension = dimension;
        _random = new Random(seed);
        _mix = Normal(Latent * dimension, 1 / Math.Sqrt(Latent));
        _mean = Normal(dimension, 0.15);
    }

    public UnitRows Landmarks(int count)
    {
        _centers = [.. Enumerable.Range(0, (count + RowsPerLandmark - 1) / RowsPerLandmark).Select(_ => Normal(Latent, 1))];
        return Rows(count, i => _centers[i / RowsPerLandmark], 0.45);
    }

    public UnitRows NonLandmarks(int count)
    {
        _topics = [.. Enumerable.Range(0, Math.Max(count / RowsPerTopic, 1)).Select(_ => Normal(Latent, 1))];
        return Rows(count, _ => _topics[_random.Next(_topics.Length)], 0.7);
    }

    /// <summary>Half of them show a landmark.</summary>
    public UnitRows Queries(int count)
        => Rows(count, _ => _random.Next(2) == 0 ? _centers[_random.Next(_centers.Length)] : _topics[_random.Next(_topics.Length)], 0.55);

    private UnitRows Rows(int count, Func<int, double[]> center, double spread)
    {
        var rows = new UnitRows(_dimension);
        var row = new float[_dimension];
        for (int n = 0; n < count; n++)
        {
            double[] z = [.. center(n).Zip(Normal(Latent, spread), (a, b) => a + b)];
            for (int i = 0; i < _dimension; i++)
            {
                double sum = _mean[i] + 0.18 * Normal();
                for (int j = 0; j < Latent; j++)
                    sum += z[j] * _mix[j * _dimension + i];
                row[i] = (float)sum;
            }

            UnitVector.TryNormalize(row);
            rows.Add(row);
        }

        return rows;
    }

    private double[] Normal(int count, double deviation) => [.. Enumerable.Range(0, count).Select(_ => deviation * Normal())];

    private double Normal() => NormalValue.Next(_random);
}
