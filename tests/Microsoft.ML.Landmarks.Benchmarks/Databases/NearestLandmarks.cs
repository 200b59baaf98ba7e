using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>Asks an index, in memory or not, for the landmark rows that are nearest to queries.</summary>
internal static class NearestLandmarks
{
    /// <summary>Neighbors of a query, k.</summary>
    public const int Count = 5;

    /// <returns>Those of each query, best first.</returns>
    public static async Task<LandmarkNeighbor[][]> FindAsync(LandmarkIndex index, UnitRows queries, int batch, int count = Count)
    {
        List<LandmarkNeighbor[]> found = [];
        foreach (ReadOnlyMemory<float> some in queries.Batches(batch))
            found.AddRange(await FindAsync(index, some, count));
        return [.. found];
    }

    /// <inheritdoc cref="FindAsync(LandmarkIndex, UnitRows, int, int)"/>
    public static async Task<LandmarkNeighbor[][]> FindAsync(LandmarkIndex index, ReadOnlyMemory<float> queries, int count = Count)
    {
        var matches = new LandmarkMatches();
        await index.SearchAsync(queries, new LandmarkRequest(count, NonLandmarks: 0, PenaltyWeight: 1), matches, new ParallelOptions());
        return [.. Enumerable.Range(0, queries.Length / index.Dimension).Select(query => matches.NeighborsOf(query).ToArray())];
    }
}
