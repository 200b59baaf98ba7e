using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Draws a query towards its nearest rows (average query expansion: Chum, Philbin, Sivic, Isard, Zisserman, Total recall, ICCV
/// 2007).</summary>
internal static class QueryExpansion
{
    /// <summary>
    /// Replaces a query by the mean of itself and its neighbours, summed in double precision, the query first and then the best neighbour
    /// first; the mean is rounded to Single and scaled to unit length as <see cref="UnitVector"/> does. Where the mean is zeros, which have
    /// no direction, the query stays as it is.
    /// </summary>
    /// <param name="query">[d], of unit length.</param>
    /// <param name="neighbors">Best first.</param>
    /// <param name="rows">Where the neighbours are.</param>
    /// <param name="sums">[d], overwritten.</param>
    public static void Average(Span<float> query, ReadOnlySpan<Neighbor> neighbors, UnitRows rows, Span<double> sums)
    {
        for (int i = 0; i < query.Length; i++)
            sums[i] = query[i];
        foreach (Neighbor neighbor in neighbors)
        {
            ReadOnlySpan<float> row = rows[neighbor.Row];
            for (int i = 0; i < row.Length; i++)
                sums[i] += row[i];
        }

        if (!sums.ContainsAnyExcept(0))
            return;
        for (int i = 0; i < query.Length; i++)
            query[i] = (float)(sums[i] / (neighbors.Length + 1));
        UnitVector.TryNormalize(query);
    }
}
