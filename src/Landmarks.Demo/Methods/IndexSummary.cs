using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Methods;

/// <summary>Says what an index consists of, and what a look at it found.</summary>
internal static class IndexSummary
{
    /// <returns>Lines.</returns>
    public static IEnumerable<string> Of(LandmarkIndexInfo index)
    {
        yield return $"Knows {Quantity.Of(index.Landmarks.Count, "landmark")} by "
            + $"{new RowCounts(index.LandmarkRowCount, index.NonLandmarkRowCount)}.";
        yield return $"On {Quantity.Of(index.ServerRowCounts.Count, "server")}, landmark rows: {string.Join(", ",
            index.ServerRowCounts.Select(count => count.ToString(CultureInfo.InvariantCulture)))}.";
        yield return $"Rows: {Quantity.Of(index.Dimension, "value")}; penalties by {index.PenaltyNeighbors} non-landmarks; labels are "
            + $"{index.LabelType}{(index.HasIds ? "" : "; without ids")}{(index.IsSmoothed ? "; smoothed, so none can come or go" : "")}.";
        yield return $"Fingerprint: {ModelSummary.Short(index.Fingerprint)}.";
        yield return index.Changes == 0 ? "Not changed since it was loaded." : $"Changed {Quantity.Of(index.Changes, "time")} since it "
            + "was loaded.";
        if (index.Hnsw is { } hnsw)
            yield return $"HNSW index: m {hnsw.M}, ef_construction {hnsw.EfConstruction}.";
        foreach (LandmarkRecall recall in index.Recalls)
        {
            yield return RecallSummary.InShort(recall)
                + (recall.IsOutdated(index.LandmarkRowCount) ? " Landmark rows became more by a fifth since." : "");
        }

        foreach (string line in ModelSummary.ListLandmarks(index.Landmarks))
            yield return line;
    }

    /// <returns>Lines.</returns>
    public static IEnumerable<string> Of(LandmarkIndexCheck check)
    {
        yield return $"Looked at {Quantity.Of(check.CheckedRowCount, "landmark row")}: "
            + $"{(check.IsSound ? "nothing is wrong." : "something is wrong.")}";
        foreach (string row in check.WrongRows)
            yield return $"  {row}: its penalty is not that of a fit.";
        foreach (string problem in check.Problems)
            yield return $"  {problem}";
    }
}
