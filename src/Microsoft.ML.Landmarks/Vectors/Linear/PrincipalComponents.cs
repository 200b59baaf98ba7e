using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

/// <summary>The directions in which rows vary, largest variance first.</summary>
/// <param name="Mean">[d], the mean of the rows.</param>
/// <param name="Eigenvalues">[r], the variance along each axis: the sum of squares divided by the number of rows.</param>
/// <param name="Axes">[r, d], of unit length. Their signs are arbitrary.</param>
internal sealed record PrincipalComponents(double[] Mean, double[] Eigenvalues, double[] Axes)
{
    // A smaller variance, as a part of the largest, is rounding, not data.
    private const double LeastPartOfLargest = 1e-10;

    // The variance that rounding to Single leaves in rows of unit length: 2^-24 squared.
    private static readonly double s_roundingVariance = Math.ScaleB(1, -48);

    /// <param name="covariance">[d, d]; overwritten.</param>
    /// <param name="mean">[d].</param>
    /// <param name="cancellation">Stops waiting for the axes.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PrincipalComponents OfCovariance(double[] covariance, double[] mean, CancellationToken cancellation)
    {
        (double[] eigenvalues, double[] vectors) = Decompose(covariance, mean.Length, cancellation);
        return new PrincipalComponents(mean, eigenvalues, vectors);
    }

    /// <summary>By the Gram matrix: where u is an eigenvector of X Xᵀ, Xᵀ u is one of Xᵀ X, with the same eigenvalue.</summary>
    /// <param name="rows">[n][d], n below d.</param>
    /// <param name="mean">[d], the mean of the rows.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static PrincipalComponents OfRows(ReadOnlySpan<float[]?> rows, double[] mean, ParallelOptions parallelism)
    {
        int n = rows.Length, d = mean.Length, length = DoubleProducts.Pad(d);
        var centered = new double[n * length];
        for (int row = 0; row < n; row++)
        {
            for (int i = 0; i < d; i++)
                centered[row * length + i] = RowMoments.Center(rows[row]![i], mean[i]);
        }

        var gram = new double[n * n];
        DoubleProducts.AddUpperTriangle(centered, length, gram, parallelism);
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
                gram[i * n + j] = gram[j * n + i] = gram[i * n + j] / n;
        }

        (double[] eigenvalues, double[] vectors) = Decompose(gram, n, parallelism.CancellationToken);
        var axes = new double[eigenvalues.Length * d];
        ParallelLoop.For(eigenvalues.Length, parallelism, i =>
        {
            Span<double> axis = axes.AsSpan(i * d, d);
            for (int row = 0; row < n; row++)
                TensorPrimitives.MultiplyAdd(centered.AsSpan(row * length, d), vectors[i * n + row] / Math.Sqrt(n * eigenvalues[i]), axis,
                    axis);
        });
        return new PrincipalComponents(mean, eigenvalues, axes);
    }

    /// <summary>The eigenvalues that are more than rounding, [r], largest first, and their eigenvectors, [r, n].</summary>
    /// <param name="matrix">[n, n], symmetric; overwritten.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="cancellation">Stops waiting; the decomposition itself can't be stopped, and ends for nobody on its thread.</param>
    private static (double[] Eigenvalues, double[] Vectors) Decompose(double[] matrix, int n, CancellationToken cancellation)
    {
        var decomposition = Task.Run(() => Matrix<double>.Build.Dense(n, n, matrix).Evd(Symmetricity.Symmetric), cancellation)
            .WaitAsync(cancellation).GetAwaiter().GetResult();
        double[] eigenvalues = [.. decomposition.EigenValues.Select(value => value.Real)],
            columns = decomposition.EigenVectors.ToColumnMajorArray();
        double least = Math.Max(LeastPartOfLargest * eigenvalues.Max(), s_roundingVariance);
        int[] kept = [.. Enumerable.Range(0, n).Where(i => eigenvalues[i] > least).OrderByDescending(i => eigenvalues[i])];
        var vectors = new double[kept.Length * n];
        for (int i = 0; i < kept.Length; i++)
            columns.AsSpan(kept[i] * n, n).CopyTo(vectors.AsSpan(i * n));
        return ([.. kept.Select(i => eigenvalues[i])], vectors);
    }
}
