using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>How a gallery is searched: the coordinates and scales of the filter, chosen on samples by what they are expected to cost.</summary>
/// <param name="Space">The coordinates.</param>
/// <param name="Scales">The scales.</param>
/// <param name="ExpectedSurvivors">The share of the rows that pass the filter.</param>
/// <param name="Nanoseconds">What preparing the rows and searching them is expected to take.</param>
internal sealed record FilterPlan(FilterSpace Space, FilterScales Scales, double ExpectedSurvivors, double Nanoseconds)
{
    /// <summary>At most so many rows, and queries, are sampled to find axes, and so many to judge them.</summary>
    public const int SamplesForAxes = 2 * RowsForAxes, SampleRows = 2048, SampleQueries = 64;

    private const int RowsForMean = 8192, RowsForAxes = 2048;

    // Neighbors that the sample queries look for: usual numbers, and the row itself where queries are rows of the gallery.
    private const int SampleNeighbors = 6;

    private static readonly int[] s_prefixes = [64, 128, 192, 256, 384, 512];

    /// <summary>The least that the filter can take, with all that is prepared for it: no row passes the shortest prefix.</summary>
    public static double LeastNanoseconds(FilterCosts costs)
    {
        double ofAll = costs.FilterOf(costs.Dimension, survivors: 0);
        return costs.Sampling + (Prefixes(costs.Dimension) is [int shortest, ..] ? Math.Min(ofAll, costs.AxesOf(shortest) + costs.FilterOf(shortest, survivors: 0)) : ofAll);
    }

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="likelyQueries">Rows like the queries that will come.</param>
    /// <param name="fused">Finds the neighbors of the sample.</param>
    /// <param name="costs">What the parts of the search cost.</param>
    /// <param name="prefixDimension">A prefix to take whatever it costs; the dimension or more for all coordinates; null: the cheapest.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    public static FilterPlan Create(UnitRows gallery, double[]? penalties, UnitRows likelyQueries, FusedNeighborEngine fused, FilterCosts costs, int? prefixDimension, ParallelOptions parallelism)
    {
        int dimension = gallery.Dimension;
        float[] mean = Mean(Sample(gallery, RowsForMean), dimension);
        float[] rows = Sample(gallery, SampleRows, between: true), queries = Sample(likelyQueries, SampleQueries, between: true);
        double[] samplePenalties = penalties is null ? [] : [.. SampleIndices(gallery.Count, SampleRows, between: true).Select(row => penalties[row])];
        var nearest = new Neighbor[queries.Length / dimension * SampleNeighbors];
        fused.Search(queries, SampleNeighbors, nearest, parallelism);
        double[] thresholds = [.. nearest.Chunk(SampleNeighbors).Select(n => n[^1].Score)];
        var principalAxes = new Lazy<PrincipalAxes>(() => new PrincipalAxes([.. Centered(Sample(gallery, RowsForAxes), mean), .. Centered(Sample(likelyQueries, RowsForAxes), mean)], dimension, parallelism));

        if (prefixDimension >= dimension)
            return OfAllCoordinates();
        if (prefixDimension is { } only)
            return OfPrefixes([only])[0];
        if (Prefixes(dimension) is not [int first, .. int[] others])
            return OfAllCoordinates();
        List<FilterPlan> plans = [OfPrefixes([first])[0]];
        // Mostly the shortest prefix is so good that another costs more even if no row passed.
        if (costs.FilterOf(dimension, survivors: 0) < Least())
            plans.Add(OfAllCoordinates());
        // Rows of many kinds were seen to pass a prefix n times as long in a share of about the n²-th power, or more.
        int[] promising = [.. others.Where(d => costs.AxesOf(d) + costs.FilterOf(d, Math.Pow(plans[0].ExpectedSurvivors, Math.Pow((double)d / first, 2))) < Least())];
        if (promising.Length > 0)
            plans.AddRange(OfPrefixes(promising));
        return plans.MinBy(plan => plan.Nanoseconds)!;

        double Least() => Math.Min(costs.Fused, plans.Min(plan => plan.Nanoseconds));

        FilterPlan[] OfPrefixes(int[] prefixes)
        {
            float[] axes = principalAxes.Value.Leading(prefixes[^1]);
            return [.. prefixes.Select(d => Estimate(new FilterSpace(mean, axes.AsSpan(0, d * dimension).ToArray(), d), rows, samplePenalties, queries, thresholds, costs, parallelism))];
        }

        FilterPlan OfAllCoordinates() => Estimate(new FilterSpace(mean, axes: null, 0), rows, samplePenalties, queries, thresholds, costs, parallelism);
    }

    private static int[] Prefixes(int dimension) => [.. s_prefixes.Where(d => d <= dimension * 3 / 4)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static FilterPlan Estimate(FilterSpace space, float[] rows, double[] penalties, float[] queries, double[] thresholds, FilterCosts costs, ParallelOptions parallelism)
    {
        (float[] rowPrefixes, double[] rowResiduals, double[] rowLengths) = Map(space, rows, parallelism.CancellationToken);
        (float[] queryPrefixes, double[] queryResiduals, double[] queryLengths) = Map(space, queries, parallelism.CancellationToken);
        int d = space.PrefixDimension, rowCount = rowLengths.Length, queryCount = queryLengths.Length;
        // The ratio only balances the bound; a residual of nothing at all has no use for it.
        double balance = Math.Max(rowResiduals.Average(), 1e-3) / Math.Max(queryResiduals.Average(), 1e-3);
        var scales = new FilterScales(
            ByteCodes.Scale(LargestUsual(queryPrefixes, d), ByteProducts.MaxQueryCode - 1), ByteCodes.Scale(LargestUsual(rowPrefixes, d), ByteProducts.MaxRowCode - 1),
            balance, queryLengths.Max());

        // Rounding to codes loses about 1/√12 of their size in each coordinate.
        double queryError = scales.Query * Math.Sqrt(d / 12.0), rowError = scales.Row * Math.Sqrt(d / 12.0), rowLength = rowLengths.Max();
        double[] rowBounds = new double[rowCount];
        for (int row = 0; row < rowCount; row++)
            rowBounds[row] = ExactDot.Compute(rows.AsSpan(row * space.Dimension, space.Dimension), space.Mean) - (penalties.Length == 0 ? 0 : penalties[row])
                + scales.QueryLength * rowError + rowResiduals[row] * rowResiduals[row] / (2 * balance);
        float[] products = MatrixProduct.Compute(queryPrefixes, rowPrefixes, d, parallelism);
        long survivors = 0;
        for (int query = 0; query < queryCount; query++)
        {
            double threshold = thresholds[query] - ExactDot.Compute(queries.AsSpan(query * space.Dimension, space.Dimension), space.Mean) + space.MeanSquare
                - rowLength * queryError - balance * queryResiduals[query] * queryResiduals[query] / 2;
            for (int row = 0; row < rowCount; row++)
            {
                if (products[query * rowCount + row] + rowBounds[row] >= threshold)
                    survivors++;
            }
        }

        double share = (double)survivors / ((long)queryCount * rowCount);
        return new FilterPlan(space, scales, share, costs.FilterOf(d, share));
    }

    private static (float[] Prefixes, double[] Residuals, double[] Lengths) Map(FilterSpace space, float[] vectors,
        CancellationToken cancellation)
    {
        int count = vectors.Length / space.Dimension, d = space.PrefixDimension;
        var prefixes = new float[count * d];
        double[] residuals = new double[count], lengths = new double[count];
        var buffer = new FilterSpace.Buffer(space);
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
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
        float[] largest = [.. Enumerable.Range(0, vectors.Length / dimension).Select(i => MathF.Abs(TensorPrimitives.MaxMagnitude(vectors.AsSpan(i * dimension, dimension)))).Order()];
        return largest[(int)(largest.Length * 0.98)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Mean(float[] rows, int dimension)
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

    // Evenly over the rows, so that the order in which they came doesn't matter. Axes are judged by rows between those that they were found by, where there
    // are as many: they hold more of these than of others, far more where rows vary in all directions alike.
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
