using Microsoft.ML.Landmarks.Labels;

namespace Microsoft.ML;

/// <summary>A landmark that a model knows.</summary>
/// <param name="Label">Its label as text: a number as the invariant culture writes it, a key as its key value.</param>
/// <param name="Name">What it is called; null where that is not known.</param>
/// <param name="RowCount">How many fitted rows show it.</param>
public sealed record LandmarkInfo(string Label, string? Name, int RowCount)
{
    /// <param name="labels">The labels of all rows.</param>
    /// <param name="names">The names of landmarks by their labels as text.</param>
    internal static IReadOnlyList<LandmarkInfo> Of(LandmarkLabels labels, IReadOnlyDictionary<string, string> names)
    {
        var counts = new int[labels.LandmarkCount];
        foreach (int landmark in labels.LandmarkOfRow)
            counts[landmark]++;
        return [.. labels.Texts.Zip(counts, (label, count) => new LandmarkInfo(label, names.GetValueOrDefault(label), count))];
    }
}
