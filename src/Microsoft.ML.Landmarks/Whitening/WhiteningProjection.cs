using System.Buffers;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Whitening;

/// <summary>What whitening has learned, and how a row is whitened.</summary>
internal sealed class WhiteningProjection
{
    private readonly double[] _mean;
    private readonly float[] _projection;
    // The projection as DoubleProducts takes it.
    private readonly double[] _padded;
    private readonly int _length;

    /// <param name="mean">[d], the mean of the rows.</param>
    /// <param name="projection">[k, d], the axes, each divided by what its values are divided by.</param>
    public WhiteningProjection(double[] mean, float[] projection)
    {
        _mean = mean;
        _projection = projection;
        _length = DoubleProducts.Pad(mean.Length);
        OutputDimension = projection.Length / mean.Length;
        _padded = new double[OutputDimension * _length];
        for (int axis = 0; axis < OutputDimension; axis++)
        {
            for (int i = 0; i < mean.Length; i++)
                _padded[axis * _length + i] = projection[axis * mean.Length + i];
        }
    }

    /// <summary>[d], the mean of the rows.</summary>
    public ReadOnlyMemory<double> Mean => _mean;

    /// <summary>[k, d], the axes, each divided by what its values are divided by.</summary>
    public ReadOnlyMemory<float> Axes => _projection;

    /// <summary>Values of a row.</summary>
    public int InputDimension => _mean.Length;

    /// <summary>Values of a whitened row, k.</summary>
    public int OutputDimension { get; }

    /// <summary>The first axes, as many as <paramref name="dimension"/> and as there are, divided by eigenvalue^(exponent / 2).</summary>
    public static WhiteningProjection Create(PrincipalComponents axes, int dimension, float exponent)
    {
        int d = axes.Mean.Length, k = Math.Min(dimension, axes.Eigenvalues.Length);
        var projection = new float[k * d];
        for (int axis = 0; axis < k; axis++)
        {
            double divisor = exponent == 0 ? 1 : Power.Of(axes.Eigenvalues[axis], exponent / 2d);
            for (int i = 0; i < d; i++)
                projection[axis * d + i] = (float)(axes.Axes[axis * d + i] / divisor);
        }

        return new WhiteningProjection(axes.Mean, projection);
    }

    /// <summary>What whitened rows depend on.</summary>
    public void WriteTo(BinaryWriter fingerprint)
    {
        fingerprint.Write(InputDimension);
        fingerprint.Write(OutputDimension);
        fingerprint.BaseStream.WriteValues<double>(_mean);
        fingerprint.BaseStream.WriteValues<float>(_projection);
    }

    /// <summary>
    /// Centres rows, projects them and scales them to unit length. A row that differs from the mean along no axis becomes zeros.
    /// </summary>
    /// <param name="rows">[n, d], finite.</param>
    /// <param name="whitened">[n, k], overwritten.</param>
    /// <param name="parallelism">Threads.</param>
    public void Apply(ReadOnlyMemory<float> rows, Memory<float> whitened, ParallelOptions parallelism)
        => DoubleProducts.ForEachPanel(rows.Length / InputDimension, parallelism, (first, count)
            => Apply(rows.Span.Slice(first * InputDimension, count * InputDimension),
            whitened.Span.Slice(first * OutputDimension, count * OutputDimension)));

    private void Apply(ReadOnlySpan<float> rows, Span<float> whitened)
    {
        int n = rows.Length / InputDimension;
        double[] buffer = ArrayPool<double>.Shared.Rent(n * (_length + OutputDimension));
        Span<double> centered = buffer.AsSpan(0, n * _length), products = buffer.AsSpan(n * _length, n * OutputDimension);
        buffer.AsSpan(0, n * (_length + OutputDimension)).Clear();
        for (int row = 0; row < n; row++)
        {
            for (int i = 0; i < _mean.Length; i++)
                centered[row * _length + i] = RowMoments.Center(rows[row * InputDimension + i], _mean[i]);
        }

        DoubleProducts.Add(centered, _padded, _length, products, OutputDimension);
        for (int i = 0; i < products.Length; i++)
            whitened[i] = (float)products[i];
        for (int row = 0; row < n; row++)
            UnitVector.TryNormalize(whitened.Slice(row * OutputDimension, OutputDimension));
        ArrayPool<double>.Shared.Return(buffer);
    }
}
