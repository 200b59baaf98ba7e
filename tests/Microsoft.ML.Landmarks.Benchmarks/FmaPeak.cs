using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>How many single-precision fused multiply-adds this machine does a second, on all cores, with nothing to read from
/// memory.</summary>
internal static class FmaPeak
{
    private const int Steps = 20_000_000;
    private const int Chains = 10;

    /// <summary>Billions a second.</summary>
    public static double MeasureGigaProducts()
    {
        int cores = Environment.ProcessorCount;
        double best = 0;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            var sums = new float[cores];
            long start = Stopwatch.GetTimestamp();
            Parallel.For(0, cores, core => sums[core] = Vector512.IsHardwareAccelerated ? Run512() : Run256());
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            int width = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count;
            // The sums are used, so that the work is not left out.
            if (sums.All(float.IsFinite))
                best = Math.Max(best, (double)cores * Steps * Chains * width / seconds / 1e9);
        }

        return best;
    }

    private static float Run256()
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(0.001f);
        Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    private static float Run512()
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j);
    }
}
