namespace Microsoft.ML.Landmarks.Tests.Whitening;

/// <summary>Whitening step by step in double precision; the axes are those of the covariance, by Jacobi's rotations.</summary>
internal static class PlainWhitening
{
    /// <summary>The whitened rows, all axes but those without variance.</summary>
    public static double[][] Whiten(float[][] rows, double exponent)
    {
        double[][] units = [.. rows.Select(row => Unit([.. row.Select(v => (double)v)]))];
        int d = units[0].Length;
        double[] mean = [.. Enumerable.Range(0, d).Select(i => units.Average(row => row[i]))];
        var covariance = new double[d, d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
                covariance[i, j] = units.Average(row => (row[i] - mean[i]) * (row[j] - mean[j]));
        }

        (double Eigenvalue, double[] Axis)[] all = Decompose(covariance);
        (double Eigenvalue, double[] Axis)[] axes = [.. all.Where(a => a.Eigenvalue > 1e-10 * all.Max(b => b.Eigenvalue))
            .OrderByDescending(a => a.Eigenvalue)];
        return [.. units.Select(row
            => Unit([.. axes.Select(a => a.Axis.Select((v, i) => v * (row[i] - mean[i])).Sum() / Math.Pow(a.Eigenvalue, exponent / 2))]))];
    }

    public static double Cosine(IEnumerable<double> a, IEnumerable<double> b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Unit(double[] row)
    {
        double length = Math.Sqrt(Cosine(row, row));
        return length == 0 ? row : [.. row.Select(v => v / length)];
    }

    private static (double Eigenvalue, double[] Axis)[] Decompose(double[,] a)
    {
        int n = a.GetLength(0);
        var v = new double[n, n];
        for (int i = 0; i < n; i++)
            v[i, i] = 1;
        for (int sweep = 0; sweep < 30; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, v, p, q);
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => (a[i, i], Enumerable.Range(0, n).Select(j => v[j, i]).ToArray()))];
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        double angle = 0.5 * Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]), c = Math.Cos(angle), s = Math.Sin(angle);
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (int k = 0; k < n; k++)
            (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]);
    }
}
