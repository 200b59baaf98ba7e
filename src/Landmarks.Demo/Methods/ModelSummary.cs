using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>Says what a model consists of.</summary>
internal static class ModelSummary
{
    private const int MostLandmarks = 100;

    // Of 64: a chance of 1 in 2^64 that two are alike.
    private const int DigitsOfFingerprint = 16;

    /// <param name="model">The model.</param>
    /// <param name="info">What it says of itself.</param>
    /// <returns>Lines.</returns>
    public static IEnumerable<string> Of(LandmarkModel model, LandmarkModelInfo info)
    {
        var fitted = FittedStep.Of(model.Landmarks);
        if (info.IndexName is { } index)
            yield return $"Rows: in {info.IndexKind}, '{index}'; landmarks index info tells of them.";
        else
            yield return $"Knows {Quantity.Of(info.Landmarks.Count, "landmark")} by {fitted.Rows}"
                + $"{(info.HeldOutRowCount == 0 ? "" : $"; {info.HeldOutRowCount} more are held out for the verdict")}.";
        yield return $"Method: {(info.Method is null && model.Whitens ? MethodName.Of(LandmarkMethod.Whitened) : fitted.Method)}.";
        yield return Votes(info);
        foreach (LandmarkNetworkInfo network in info.Networks)
        {
            foreach (string line in Describe(network))
                yield return line;
        }

        yield return $"Features: {Quantity.Of(info.Dimension, "value")}{(model.Whitens ? ", whitened" : "")}.";
        foreach (string sentence in fitted.Verdict)
            yield return sentence;
        if (info.IndexName is null)
        {
            yield return $"Fingerprints: landmark rows {Short(info.LandmarkFingerprint)}, non-landmark rows "
                + $"{Short(info.NonLandmarkFingerprint)}.";
        }

        foreach (string line in ListChanges(info).Concat(info.IndexName is null ? ListLandmarks(info.Landmarks) : []))
            yield return line;
    }

    private static string Votes(LandmarkModelInfo info) => string.Create(CultureInfo.InvariantCulture,
        $"Votes: {Quantity.Of(info.NumberOfNeighbors, "neighbor")}; penalties by {info.NumberOfTrainingPenaltyNeighbors} and "
            + $"{info.NumberOfQueryPenaltyNeighbors} non-landmarks, with weights {info.TrainingPenaltyWeight} and "
            + $"{info.QueryPenaltyWeight}; similarity exponent {info.SimilarityExponent}"
            + $"{(info.QueryExpansion == 0 ? "" : $"; queries averaged with {info.QueryExpansion} neighbors")}"
            + $"{(info.SameLandmarkSmoothing is > 0 and var factor ? $"; landmarks smoothed by {factor}" : "")}.");

    private static IEnumerable<string> Describe(LandmarkNetworkInfo network)
    {
        yield return $"Network: {network.Bytes} bytes, SHA-256 {Short(network.Sha256)}, from '{network.InputName}' to "
            + $"'{network.OutputName}'"
            + $"{(network.Pooling.Kind == EmbeddingPoolingKind.None ? "" : $" by {PoolingWords.Of(network.Pooling)}")}.";
        if (network.Preparation is { } preparation)
        {
            yield return $"Images: {string.Join(", ", network.ImageSizes)} pixels{(network.AveragesMirror ? ", and mirrored" : "")}; "
                + $"{PreparationSummary.Of(preparation)}.";
        }
    }

    private static IEnumerable<string> ListChanges(LandmarkModelInfo info)
    {
        if (info.Changes.Count == 0)
            yield break;
        yield return $"Changes since it was fitted, by which {Quantity.Of(info.RowsSinceFit, "row")} came:";
        foreach (LandmarkChange change in info.Changes)
            yield return $"  {change.Time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}  {RowCounts.Describe(change)}";
    }

    /// <summary>The landmarks with most photographs, a line for each.</summary>
    public static IEnumerable<string> ListLandmarks(IReadOnlyList<LandmarkInfo> landmarks)
    {
        yield return "Landmarks, by their photographs:";
        foreach (LandmarkInfo landmark in landmarks.OrderByDescending(landmark => landmark.RowCount).Take(MostLandmarks))
        {
            yield return $"  {landmark.RowCount}  {landmark.Name ?? landmark.Label}"
                + (landmark.Name is null ? "" : $" ({landmark.Label})");
        }

        if (landmarks.Count > MostLandmarks)
            yield return $"  and {landmarks.Count - MostLandmarks} more; --format csv lists all.";
    }

    /// <summary>What is shown of a fingerprint.</summary>
    public static string Short(string fingerprint) => fingerprint[..DigitsOfFingerprint].ToLowerInvariant();
}
