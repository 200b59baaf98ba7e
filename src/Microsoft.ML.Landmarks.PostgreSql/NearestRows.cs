using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>The rows that are nearest to each query of a batch, from one server or several.</summary>
/// <param name="queries">How many queries there are.</param>
/// <param name="count">How many rows of each.</param>
internal sealed class NearestRows(int queries, int count)
{
    // Best first.
    private readonly List<FoundRow>[] _found = [.. Enumerable.Range(0, queries).Select(_ => new List<FoundRow>())];

    /// <summary>Those of a query, best first.</summary>
    public IReadOnlyList<FoundRow> this[int query] => _found[query];

    /// <summary>Those of a query where non-landmarks were searched, best first.</summary>
    public NonLandmarkNeighbor[] NonLandmarks(int query)
        => [.. _found[query].Select(row => new NonLandmarkNeighbor(row.Row, row.Cosine))];

    /// <summary>Takes a row among those of a query, if it belongs there.</summary>
    public void Offer(int query, FoundRow row)
    {
        List<FoundRow> found = _found[query];
        if (found.Count == count && (count == 0 || found[^1].CompareTo(row) < 0))
            return;
        int place = ~found.BinarySearch(row);
        found.Insert(place, row);
        if (found.Count > count)
            found.RemoveAt(count);
    }

    /// <summary>Forgets those of a query.</summary>
    public void Clear(int query) => _found[query].Clear();

    /// <summary>Those that are nearest of what several servers found.</summary>
    /// <param name="queries">How many queries there are.</param>
    /// <param name="count">How many rows of each.</param>
    /// <param name="parts">What each server found.</param>
    public static NearestRows Merge(int queries, int count, IEnumerable<NearestRows> parts)
    {
        var merged = new NearestRows(queries, count);
        foreach (NearestRows part in parts)
        {
            for (int query = 0; query < queries; query++)
            {
                foreach (FoundRow row in part[query])
                    merged.Offer(query, row);
            }
        }

        return merged;
    }
}
