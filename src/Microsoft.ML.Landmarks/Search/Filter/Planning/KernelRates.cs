using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter.Planning;

/// <summary>
/// How fast a core multiplies. Measured, not tabled: the same instructions are up to three times as fast on one processor as on another,
/// and the faster engine depends on that. What is found doesn't: a wrong measurement costs time.
/// </summary>
/// <param name="CoordinatesPerNanosecond">Coordinates of pairs of a query and a row, by <see cref="ByteProducts"/>.</param>
/// <param name="SinglesPerNanosecond">Values of such pairs, by <see cref="Products"/>.</param>
internal sealed record KernelRates(double CoordinatesPerNanosecond, double SinglesPerNanosecond)
{
    // A run is much shorter than what a thread is given before another has its turn, so that of many the best had the core for itself.
    private const int CallsInRun = 16;
    private const int Dimension = 128;

    private static readonly TimeSpan s_longEnough = TimeSpan.FromMilliseconds(2);
    private static readonly ConcurrentDictionary<ByteKernel, KernelRates> s_measured = new();

    /// <summary>The rates of this processor: measured in a few milliseconds when they are first asked for.</summary>
    /// <param name="kernel">One of <see cref="ByteKernels.Supported"/>.</param>
    public static KernelRates Of(ByteKernel kernel) => s_measured.GetOrAdd(kernel, Measure);

    private static KernelRates Measure(ByteKernel kernel)
    {
        const int Pairs = ByteProducts.Queries * ByteProducts.Rows, Chunks = Dimension / ByteProducts.CoordinatesInChunk;
        var codes = new AlignedArray<uint>(ByteProducts.Queries * Dimension / ByteProducts.CoordinatesInStep);
        AlignedArray<uint> laneStarts = new(ByteProducts.Queries * Chunks);
        AlignedArray<int> starts = new(ByteProducts.Queries * Chunks), constants = new(ByteProducts.Rows), sums = new(Pairs);
        var rows = new AlignedArray<byte>(ByteProducts.Rows * Dimension);
        int[] thresholds = [.. Enumerable.Repeat(int.MaxValue, ByteProducts.Queries)];
        var hits = new ulong[ByteProducts.Queries];
        double bytes = BestNanoseconds(() => ByteProducts.Compute(kernel, new QueryGroup(codes.Span, laneStarts.Span, starts.Span),
            new RowLeaf(rows.Span, constants.Span), Dimension, thresholds, sums.Span, hits));

        AlignedArray<float> group = new(Products.Queries * Dimension), panel = new(Products.Rows * Dimension);
        var products = new AlignedArray<float>(Products.Queries * Products.Rows);
        double singles = BestNanoseconds(() => Products.Compute(group.Span, panel.Span, products.Span));
        return new KernelRates(Pairs * Dimension / bytes, products.Length * Dimension / singles);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double BestNanoseconds(Action call)
    {
        // The first call compiles.
        call();
        double best = double.MaxValue;
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_longEnough;)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < CallsInRun; i++)
                call();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / CallsInRun);
        }

        return best;
    }
}
