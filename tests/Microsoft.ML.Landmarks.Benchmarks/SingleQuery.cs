using System.Diagnostics;
using Microsoft.ML.Landmarks.Search;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What a query takes that comes alone.</summary>
/// <param name="Threads">How many may share it.</param>
/// <param name="Seconds">The median.</param>
/// <param name="Mismatches">Places that differ from what all queries at once found.</param>
internal sealed record SingleQuery(int Threads, double Seconds, int Mismatches)
{
    public const int Measured = 100;

    // .NET counts calls once it has had nothing new to compile for a tenth of a second, and compiles what is called again twice, after 30
    // calls each.
    private const int LeastWarmUps = 100;
    private static readonly TimeSpan s_leastWarmUp = TimeSpan.FromSeconds(1);

    /// <param name="threads">How many may share a query.</param>
    /// <param name="queryCount">Queries to take in turn.</param>
    /// <param name="neighbors">Neighbors of a query, k.</param>
    /// <param name="together">[queries, k], the rows that all queries at once found.</param>
    /// <param name="search">Finds the rows of a query, [k].</param>
    public static SingleQuery Measure(int threads, int queryCount, int neighbors, int[] together, Func<int, Neighbor[]> search)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastWarmUps || Stopwatch.GetElapsedTime(start) < s_leastWarmUp; i++)
            search(i % queryCount);

        var seconds = new double[Measured];
        int mismatches = 0;
        for (int i = 0; i < Measured; i++)
        {
            int query = i % queryCount;
            long began = Stopwatch.GetTimestamp();
            Neighbor[] found = search(query);
            seconds[i] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            mismatches += found.Where((neighbor, place) => neighbor.Row != together[query * neighbors + place]).Count();
        }

        Array.Sort(seconds);
        return new SingleQuery(threads, seconds[Measured / 2], mismatches);
    }
}
