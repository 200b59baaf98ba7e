using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>The landmark rows that are nearest to queries which are asked again whenever rows come or go.</summary>
/// <param name="count">How many of each query.</param>
/// <param name="neighbors">[q, count], best first, by cosine less weighted penalty. Where fewer are known, <see cref="Neighbor.None"/>
/// follows them; nothing that is not among those that are known is nearer than they are.</param>
internal sealed class NearestLandmarks(int count, Neighbor[] neighbors)
{
    private const int BytesOfNeighbor = 16;
    private const long AlwaysAffordable = 16 << 20;

    // Kept beyond those that vote: where a few of a query's nearest rows go, the others are known still.
    private const int Spare = 3;

    /// <summary>How many are kept of each query.</summary>
    public int Count => count;

    /// <summary>[q, count], those of all queries.</summary>
    public ReadOnlyMemory<Neighbor> All => neighbors;

    /// <summary>How many are worth keeping.</summary>
    /// <param name="voters">How many vote, where there are so many.</param>
    /// <param name="rows">How many rows there are.</param>
    public static int CountOf(int voters, int rows) => (int)Math.Min((long)voters + Spare, rows);

    /// <summary>Room for those of all queries; null where they would take more memory than the queries do, and more than a
    /// little.</summary>
    /// <param name="queries">[q, d].</param>
    /// <param name="count">How many of each query.</param>
    public static NearestLandmarks? Allocate(UnitRows queries, int count)
    {
        long kept = (long)queries.Count * count, bytesOfQueries = (long)queries.Count * queries.Dimension * sizeof(float);
        if (kept > Array.MaxLength || kept * BytesOfNeighbor > Math.Max(bytesOfQueries, AlwaysAffordable))
            return null;
        var neighbors = new Neighbor[kept];
        Array.Fill(neighbors, Neighbor.None);
        return new NearestLandmarks(count, neighbors);
    }

    /// <summary>Those of a query that are known, best first.</summary>
    public ReadOnlySpan<Neighbor> Of(int query)
    {
        ReadOnlySpan<Neighbor> own = neighbors.AsSpan(query * count, count);
        return own.IndexOf(Neighbor.None) is var known and >= 0 ? own[..known] : own;
    }

    /// <summary>Keeps those of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="nearest">At most <see cref="Count"/>, best first.</param>
    public void Set(int query, ReadOnlySpan<Neighbor> nearest)
    {
        Span<Neighbor> own = neighbors.AsSpan(query * count, count);
        nearest.CopyTo(own);
        own[nearest.Length..].Fill(Neighbor.None);
    }
}
