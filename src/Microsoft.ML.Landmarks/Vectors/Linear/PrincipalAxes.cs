using System.Runtime.CompilerServices;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

/// <summary>
/// The axes on which sample vectors vary most, by subspace iteration. Axes that are not quite those cost the filter time and no exactness:
/// all it relies on is that they are orthonormal.
/// </summary>
internal sealed class PrincipalAxes
{
    /// <summary>How far a vector's coordinates on count axes are, by the rounding of the axes, from those on orthonormal ones: at most
    /// √count · 2^-24 of its length times this. Storing is one, the rotation of a block 8, and one is to spare.</summary>
    public const int RoundingUnits = 10;

    // The leading axes have much larger coordinates than the others, which would get few of the codes. Each so many axes are mixed.
    private const int AxesInBlock = 32;

    private const int Rounds = 5, LastPasses = 2;

    // Up to so many values the covariance is computed once and for all; of more, products with the samples in each round are fewer.
    private const int MostDimensionsOfCovariance = 1024;

    private readonly int _dimension;
    private readonly float[] _samples, _columns;
    private readonly float[]? _covariance;
    private readonly ParallelOptions _parallelism;

    /// <param name="samples">[n, D], centered.</param>
    /// <param name="dimension">D.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    public PrincipalAxes(float[] samples, int dimension, ParallelOptions parallelism)
    {
        int n = samples.Length / dimension;
        _dimension = dimension;
        _parallelism = parallelism;
        _samples = samples;
        _columns = Transpose(samples, n, dimension);
        _covariance = dimension <= MostDimensionsOfCovariance ? MatrixProduct.Compute(_columns, _columns, n, parallelism) : null;
    }

    /// <summary>How many products in single precision so many axes take.</summary>
    public static double ProductsOf(int sampleCount, int dimension, int count) => dimension <= MostDimensionsOfCovariance
        ? (double)dimension * dimension * (sampleCount + Rounds * count)
        : 2.0 * Rounds * count * sampleCount * dimension;

    /// <summary>How many products in double precision so many axes take.</summary>
    public static double OrthonormalizingOf(int dimension, int count) => (Rounds + LastPasses) * (double)count * count * dimension;

    /// <summary>Orthonormal axes, [count, D], those of the largest variance first, each block of 32 mixed by a rotation.</summary>
    /// <param name="count">A multiple of 32, at most D.</param>
    public float[] Leading(int count)
    {
        var random = new Random(7);
        var axes = new double[count * _dimension];
        for (int i = 0; i < axes.Length; i++)
            axes[i] = random.NextDouble() - 0.5;
        for (int round = 0; round < Rounds; round++)
        {
            Orthonormalize(axes, passes: 1, random);
            axes = Array.ConvertAll(TimesCovariance(ToSingle(axes)), value => (double)value);
        }

        // Twice, in double precision, is enough to be orthonormal within its rounding.
        Orthonormalize(axes, LastPasses, random);
        float[] single = ToSingle(axes);
        Mix(single, _dimension);
        return single;
    }

    // It is symmetric: its rows are its columns.
    private float[] TimesCovariance(float[] axes) => _covariance is not null
        ? MatrixProduct.Compute(axes, _covariance, _dimension, _parallelism)
        : MatrixProduct.Compute(MatrixProduct.Compute(axes, _samples, _dimension, _parallelism), _columns, _samples.Length / _dimension,
        _parallelism);

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);

    /// <summary>Gram and Schmidt's method, row by row. A row that the others span is replaced by one of chance.</summary>
    private void Orthonormalize(double[] rows, int passes, Random random)
    {
        for (int start = 0; start < rows.Length; start += _dimension)
        {
            _parallelism.CancellationToken.ThrowIfCancellationRequested();
            Span<double> row = rows.AsSpan(start, _dimension);
            while (!TryOrthonormalize(row, rows.AsSpan(0, start), passes))
            {
                foreach (ref double value in row)
                    value = random.NextDouble() - 0.5;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryOrthonormalize(Span<double> row, ReadOnlySpan<double> others, int passes)
    {
        if (!TryScale(row, least: 0))
            return false;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int start = 0; start < others.Length; start += row.Length)
            {
                ReadOnlySpan<double> other = others.Slice(start, row.Length);
                DoubleVector.Add(-DoubleVector.Dot(row, other), other, row);
            }

            // Of what is left of a row that the others nearly span, rounding is too large a part.
            if (!TryScale(row, least: 1e-6))
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryScale(Span<double> row, double least)
    {
        double length = Math.Sqrt(DoubleVector.Dot(row, row));
        if (!(length > least))
            return false;
        foreach (ref double value in row)
            value /= length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float[] axes, int dimension)
    {
        var rotation = new Hadamard(AxesInBlock);
        Span<float> column = stackalloc float[AxesInBlock];
        for (int block = 0; block < axes.Length; block += AxesInBlock * dimension)
        {
            for (int i = 0; i < dimension; i++)
            {
                for (int axis = 0; axis < AxesInBlock; axis++)
                    column[axis] = axes[block + axis * dimension + i];
                rotation.Rotate(column);
                for (int axis = 0; axis < AxesInBlock; axis++)
                    axes[block + axis * dimension + i] = column[axis];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Transpose(float[] rows, int count, int dimension)
    {
        var columns = new float[rows.Length];
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i < dimension; i++)
                columns[i * count + row] = rows[row * dimension + i];
        }

        return columns;
    }
}
