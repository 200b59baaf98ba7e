using System.Diagnostics;
using Microsoft.ML.Landmarks.PostgreSql;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>Asks an index one query after the other, while rows are added to it: each answer must be that of a state which there was
/// meanwhile.</summary>
/// <param name="connection">By which it is asked.</param>
/// <param name="index">The index.</param>
/// <param name="queries">The queries.</param>
/// <param name="expected">The neighbors of each once all rows are there, as many more as will have come.</param>
/// <param name="first">The number of the first row that comes.</param>
internal sealed class GrowingSearches(
    MeasuredConnection connection, PostgresLandmarkIndex index, UnitRows queries, LandmarkNeighbor[][] expected, int first)
{
    private int _next;

    /// <summary>How many neighbors were found.</summary>
    public int Found { get; private set; }

    /// <summary>How many of them were those of no such state.</summary>
    public int Different { get; private set; }

    /// <summary>Asks until something else is done.</summary>
    /// <param name="end">What is waited for.</param>
    /// <param name="countAdded">How many rows have come for certain; one more may have.</param>
    public async Task<SearchTimes> RunAsync(Task end, Func<int> countAdded)
    {
        List<double> processor = [], seconds = [];
        do
        {
            int query = _next++ % queries.Count, before = countAdded();
            (double Processor, double Waited) used = connection.Used;
            long start = Stopwatch.GetTimestamp();
            LandmarkNeighbor[] found = (await NearestLandmarks.FindAsync(index, queries[query].ToArray()))[0];
            double passed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            (double Processor, double Waited) now = connection.Used;
            processor.Add(now.Processor - used.Processor);
            seconds.Add(passed - (now.Waited - used.Waited));
            Found += found.Length;
            if (!Enumerable.Range(before, countAdded() + 2 - before).Any(added => found.SequenceEqual(
                expected[query].Where(neighbor => neighbor.Row < first + added).Take(NearestLandmarks.Count))))
                Different += found.Length;
        }
        while (!end.IsCompleted);
        return new SearchTimes(processor.Count, Median(processor), Median(seconds));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
