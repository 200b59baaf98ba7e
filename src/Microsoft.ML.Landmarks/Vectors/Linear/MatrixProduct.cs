namespace Microsoft.ML.Landmarks.Vectors.Linear;

/// <summary>The products of all rows of one matrix with all rows of another, in single precision.</summary>
internal static class MatrixProduct
{
    /// <summary>a bᵀ. Shapes: [n, d], [m, d]; the result is [n, m].</summary>
    /// <param name="a">[n, d].</param>
    /// <param name="b">[m, d].</param>
    /// <param name="dimension">d.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    public static float[] Compute(float[] a, float[] b, int dimension, ParallelOptions parallelism)
    {
        int n = a.Length / dimension, m = b.Length / dimension, groupLength = Products.Queries * dimension,
            panelLength = Products.Rows * dimension;
        int groups = (n + Products.Queries - 1) / Products.Queries, panels = (m + Products.Rows - 1) / Products.Rows;
        var packed = new float[groups * groupLength];
        for (int group = 0; group < groups; group++)
            Products.Pack(Products.Part(a, group, groupLength), dimension, Products.Queries,
                packed.AsSpan(group * groupLength, groupLength));

        var result = new float[n * m];
        ParallelLoop.For(panels, parallelism, panel =>
        {
            float[] rows = new float[panelLength], products = new float[Products.Queries * Products.Rows];
            Products.Pack(Products.Part(b, panel, panelLength), dimension, Products.Rows, rows);
            int first = panel * Products.Rows, width = Math.Min(Products.Rows, m - first);
            for (int row = 0; row < n; row++)
            {
                if (row % Products.Queries == 0)
                    Products.Compute(packed.AsSpan(row / Products.Queries * groupLength, groupLength), rows, products);
                products.AsSpan(row % Products.Queries * Products.Rows, width).CopyTo(result.AsSpan(row * m + first));
            }
        });
        return result;
    }
}
