using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Methods;

/// <summary>Says how many of the nearest rows an HNSW index finds.</summary>
internal static class RecallSummary
{
    /// <summary>What a program reads of it.</summary>
    public static IReadOnlyList<(string Name, Func<LandmarkRecall, string?> Read)> Columns { get; } =
    [
        ("candidates", recall => Text(recall.Candidates)),
        ("neighbors", recall => Text(recall.Neighbors)),
        ("recall", recall => Text(recall.Recall)),
        ("recall_low", recall => Text(recall.RecallInterval.Low)),
        ("recall_high", recall => Text(recall.RecallInterval.High)),
        ("queries", recall => Text(recall.QueryCount)),
        ("own_rows", recall => Text(recall.OwnRowCount)),
        ("same_landmark", recall => Text(recall.SameLandmarkCount)),
        ("same_landmark_low", recall => Text(recall.SameLandmarksInterval.Low)),
        ("same_landmark_high", recall => Text(recall.SameLandmarksInterval.High)),
        ("landmark_rows", recall => Text(recall.LandmarkRowCount)),
        ("penalty_weight", recall => Text(recall.PenaltyWeight)),
        ("query_expansion", recall => Text(recall.QueryExpansion)),
        ("time", recall => recall.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        ("stored", recall => recall.IsStored ? "true" : "false"),
    ];

    /// <summary>All of it.</summary>
    /// <returns>Lines.</returns>
    public static IEnumerable<string> Of(LandmarkRecall recall)
    {
        yield return $"Recall@{recall.Neighbors} of {Quantity.Of(recall.Candidates, "candidate")}: "
            + $"{Quantity.Probability(recall.Recall)}, {Between(recall.RecallInterval)}.";
        yield return $"The same landmark as by an exact search: {recall.SameLandmarkCount} of "
            + $"{Quantity.Of(recall.QueryCount, "photograph")}, {Between(recall.SameLandmarksInterval)}.";
        yield return $"Measured with {Quantity.Of(recall.LandmarkRowCount, "landmark row")}, and penalties times "
            + $"{Text(recall.PenaltyWeight)}{(recall.QueryExpansion == 0 ? ""
                : $", photographs averaged with {Quantity.Of(recall.QueryExpansion, "row")}")}.";
        if (recall.IsStored)
            yield return $"The index keeps it: predict and serve take --hnsw {recall.Candidates}.";
    }

    /// <summary>What whoever is answered by it is told.</summary>
    /// <param name="recall">As it was measured.</param>
    public static string InShort(LandmarkRecall recall)
        => $"HNSW, {Quantity.Of(recall.Candidates, "candidate")}: recall@{recall.Neighbors} {Quantity.Probability(recall.Recall)} "
            + $"({Between(recall.RecallInterval)}), the same landmark as by an exact search for {recall.SameLandmarkCount} of "
            + $"{Quantity.Of(recall.QueryCount, "photograph")}"
            + $"{(recall.OwnRowCount == 0 ? "" : $", of which {recall.OwnRowCount} are rows of the index")}, measured on "
            + $"{recall.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.";

    private static string Between(MetricInterval interval)
        => $"between {Quantity.Probability(interval.Low)} and {Quantity.Probability(interval.High)} (95 %)";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
