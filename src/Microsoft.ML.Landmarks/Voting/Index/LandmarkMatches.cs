using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>The rows that an index finds for a batch of queries. The same buffers serve one batch after the other.</summary>
internal sealed class LandmarkMatches
{
    // With those of the engine, 56 bytes each.
    private const int MostNeighbors = 1 << 19;

    private LandmarkNeighbor[] _neighbors = [];
    private NonLandmarkNeighbor[] _nonLandmarks = [];
    private int _neighborCount, _nonLandmarkCount;

    /// <summary>How many queries, at most, make a batch, so that its matches don't take ever more memory; at least one.</summary>
    /// <param name="count">The neighbors of a query.</param>
    /// <param name="most">As many as suit otherwise.</param>
    public static int QueriesAtOnce(int count, int most) => Math.Clamp(MostNeighbors / Math.Max(1, count), 1, most);

    /// <summary>The landmark rows that are nearest to a query, best first.</summary>
    public Span<LandmarkNeighbor> NeighborsOf(int query) => _neighbors.AsSpan(query * _neighborCount, _neighborCount);

    /// <summary>The non-landmarks that are nearest to a query, best first.</summary>
    public Span<NonLandmarkNeighbor> NonLandmarksOf(int query) => _nonLandmarks.AsSpan(query * _nonLandmarkCount, _nonLandmarkCount);

    /// <summary>The id of a landmark row that was found, where rows have ids.</summary>
    public Func<long, string> IdOf { get; set; } = NoId;

    /// <summary>The id of a non-landmark that was found, where non-landmarks have ids.</summary>
    public Func<long, string> NonLandmarkIdOf { get; set; } = NoId;

    /// <summary>Makes room for the matches of other queries.</summary>
    public void Reset(int queries, int neighbors, int nonLandmarks)
    {
        (_neighborCount, _nonLandmarkCount) = (neighbors, nonLandmarks);
        BatchArray.Reserve(ref _neighbors, queries, neighbors);
        BatchArray.Reserve(ref _nonLandmarks, queries, nonLandmarks);
    }

    private static string NoId(long row) => throw new InvalidOperationException($"Row {row} was not found.");
}
