using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter.Planning;

/// <summary>Some rows of a gallery, and some queries like those that will come, by which axes are found and plans are judged.</summary>
internal sealed class FilterSample
{
    /// <summary>At most so many rows, and queries, are sampled to judge plans.</summary>
    public const int MostRows = 2048, MostQueries = 64;

    /// <summary>At most so many rows and queries together are sampled to find axes.</summary>
    public const int MostForAxes = 2 * RowsForAxes;

    private const int RowsForMean = 8192, RowsForAxes = 2048;

    // Neighbors that the queries look for: usual numbers, and the row itself where queries are rows of the gallery.
    private const int Neighbors = 6;

    private readonly float[] _rows, _queries;
    private readonly double[] _penalties, _thresholds;
    private readonly Lazy<PrincipalAxes> _axes;
    private readonly ParallelOptions _parallelism;

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="likelyQueries">Rows like the queries that will come.</param>
    /// <param name="fused">Finds the neighbors of the queries.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    public FilterSample(UnitRows gallery, double[]? penalties, UnitRows likelyQueries, FusedNeighborEngine fused,
        ParallelOptions parallelism)
    {
        int dimension = gallery.Dimension;
        _parallelism = parallelism;
        Mean = MeanOf(Sample(gallery, RowsForMean), dimension);
        _rows = Sample(gallery, MostRows, between: true);
        _queries = Sample(likelyQueries, MostQueries, between: true);
        _penalties = penalties is null
            ? []
            : [.. SampleIndices(gallery.Count, MostRows, between: true).Select(row => penalties[row])];
        var nearest = new Neighbor[_queries.Length / dimension * Neighbors];
        fused.Search(_queries, Neighbors, nearest, parallelism);
        _thresholds = [.. nearest.Chunk(Neighbors).Select(n => n[^1].Score)];
        _axes = new Lazy<PrincipalAxes>(() => new PrincipalAxes(
            [.. Centered(Sample(gallery, RowsForAxes), Mean), .. Centered(Sample(likelyQueries, RowsForAxes), Mean)],
            dimension, parallelism));
    }

    /// <summary>[D], of the gallery.</summary>
    public float[] Mean { get; }

    /// <summary>The axes that hold most of the variance, [count, D].</summary>
    public float[] AxesOf(int count) => _axes.Value.Leading(count);

    /// <summary>
    /// The plan of some coordinates: scales that suit the sample, and what it costs where as large a share passes as of the sample.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FilterPlan Judge(FilterSpace space, FilterCosts costs)
    {
        (float[] rowPrefixes, double[] rowResiduals, double[] rowLengths) = Map(space, _rows);
        (float[] queryPrefixes, double[] queryResiduals, double[] queryLengths) = Map(space, _queries);
        int d = space.PrefixDimension, rowCount = rowLengths.Length, queryCount = queryLengths.Length;
        // The ratio only balances the bound; a residual of nothing at all has no use for it.
        double balance = Math.Max(rowResiduals.Average(), 1e-3) / Math.Max(queryResiduals.Average(), 1e-3);
        var scales = new FilterScales(
            ByteCodes.Scale(LargestUsual(queryPrefixes, d), ByteProducts.MaxQueryCode - 1),
            ByteCodes.Scale(LargestUsual(rowPrefixes, d), ByteProducts.MaxRowCode - 1),
            balance, queryLengths.Max());

        // Rounding to codes loses about 1/√12 of their size in each coordinate.
        double queryError = scales.Query * Math.Sqrt(d / 12.0), rowError = scales.Row * Math.Sqrt(d / 12.0), rowLength = rowLengths.Max();
        double[] rowTerms = new double[rowCount];
        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<float> vector = _rows.AsSpan(row * space.Dimension, space.Dimension);
            double offset = FilterBound.OffsetOfRow(vector, space.Mean, _penalties.Length == 0 ? 0 : _penalties[row]);
            rowTerms[row] = FilterBound.TermOfRow(offset, rowError, rowResiduals[row], scales);
        }

        float[] products = MatrixProduct.Compute(queryPrefixes, rowPrefixes, d, _parallelism);
        long survivors = 0;
        for (int query = 0; query < queryCount; query++)
        {
            ReadOnlySpan<float> vector = _queries.AsSpan(query * space.Dimension, space.Dimension);
            double offset = FilterBound.OffsetOfQuery(vector, space.Mean, space.MeanSquare);
            double threshold = _thresholds[query] - FilterBound.TermOfQuery(offset, queryError, queryResiduals[query], rowLength, scales);
            for (int row = 0; row < rowCount; row++)
            {
                if (products[query * rowCount + row] + rowTerms[row] >= threshold)
                    survivors++;
            }
        }

        double share = (double)survivors / ((long)queryCount * rowCount);
        return new FilterPlan(space, scales, share, costs.FilterOf(d, share));
    }

    private (float[] Prefixes, double[] Residuals, double[] Lengths) Map(FilterSpace space, float[] vectors)
    {
        int count = vectors.Length / space.Dimension, d = space.PrefixDimension;
        var prefixes = new float[count * d];
        double[] residuals = new double[count], lengths = new double[count];
        var buffer = new FilterSpace.Buffer(space);
        for (int i = 0; i < count; i++)
        {
            _parallelism.CancellationToken.ThrowIfCancellationRequested();
            if (i % Products.Queries == 0)
                space.Map(vectors.AsSpan(i * space.Dimension, Math.Min(Products.Queries, count - i) * space.Dimension), buffer);
            buffer.PrefixOf(i % Products.Queries).CopyTo(prefixes.AsSpan(i * d));
            residuals[i] = buffer.Residuals[i % Products.Queries];
            lengths[i] = Math.Sqrt(buffer.Squares[i % Products.Queries]);
        }

        return (prefixes, residuals, lengths);
    }

    // Of 98 in 100 vectors no coordinate is larger; the codes of the others are cut.
    private static float LargestUsual(float[] vectors, int dimension)
    {
        float[] largest = [.. Enumerable.Range(0, vectors.Length / dimension)
            .Select(i => MathF.Abs(TensorPrimitives.MaxMagnitude(vectors.AsSpan(i * dimension, dimension)))).Order()];
        return largest[(int)(largest.Length * 0.98)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] MeanOf(float[] rows, int dimension)
    {
        var sums = new double[dimension];
        for (int start = 0; start < rows.Length; start += dimension)
        {
            for (int i = 0; i < dimension; i++)
                sums[i] += rows[start + i];
        }

        return [.. sums.Select(sum => (float)(sum * dimension / rows.Length))];
    }

    private static float[] Centered(float[] rows, float[] mean)
    {
        for (int start = 0; start < rows.Length; start += mean.Length)
            TensorPrimitives.Subtract(rows.AsSpan(start, mean.Length), mean, rows.AsSpan(start, mean.Length));
        return rows;
    }

    // Evenly over the rows, so that the order in which they came doesn't matter. Axes are judged by rows between those that they were found
    // by, where there are as many: they hold more of these than of others, far more where rows vary in all directions alike.
    private static IEnumerable<int> SampleIndices(int count, int most, bool between)
    {
        int sampled = Math.Min(count, most);
        // A third of the way, which of no two samples that are powers of two is a place of the other.
        return Enumerable.Range(0, sampled).Select(i => (int)((3L * i + (between ? 1 : 0)) * count / (3L * sampled)));
    }

    private static float[] Sample(UnitRows rows, int most, bool between = false)
    {
        int[] indices = [.. SampleIndices(rows.Count, most, between)];
        var sample = new float[indices.Length * rows.Dimension];
        for (int i = 0; i < indices.Length; i++)
            rows[indices[i]].CopyTo(sample.AsSpan(i * rows.Dimension));
        return sample;
    }
}
