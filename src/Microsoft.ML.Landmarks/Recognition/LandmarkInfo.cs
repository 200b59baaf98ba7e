using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML;

/// <summary>A landmark that a model knows.</summary>
/// <param name="Label">Its label as text: a number as the invariant culture writes it, a key as its key value.</param>
/// <param name="Name">What it is called; null where that is not known.</param>
/// <param name="RowCount">How many fitted rows show it, at most 2,147,483,647.</param>
public sealed record LandmarkInfo(string Label, string? Name, int RowCount)
{
    /// <summary>Those that a step knows.</summary>
    internal static IReadOnlyList<LandmarkInfo> Of(ILandmarkStep step)
    {
        KnnLandmarkTransformer landmarks = (step as LandmarkRecognizingTransformer)?.Model.Landmarks ?? (KnnLandmarkTransformer)step;
        // First: an index that is shared learns of new landmarks by that. It keeps the label of a landmark whose rows are gone.
        long[] counts = landmarks.Index.CountRows();
        return [.. landmarks.Index.Labels.Texts.Zip(counts, (label, count)
            => new LandmarkInfo(label, step.Names.GetValueOrDefault(label), (int)Math.Min(count, int.MaxValue)))
            .Where(landmark => landmark.RowCount > 0)];
    }
}
