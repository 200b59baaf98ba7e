using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Data;

namespace Landmarks.Demo.Data;

/// <summary>The landmarks that a model knows.</summary>
/// <param name="labels">Their labels as text; none where it is not told which it knows.</param>
internal sealed class KnownLandmarks(IEnumerable<string> labels)
{
    private const string Label = "Label";

    // 7 and 007 are one, as the measures have it.
    private readonly HashSet<string> _labels = [.. labels.Select(LandmarkName.Normalize)];

    /// <summary>Those of training photographs.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="training">Their rows, with a column Label.</param>
    public static KnownLandmarks Of(MLContext ml, IDataView training)
        => new(TextColumn.Convert(ml, training, Label).GetColumn<string>(Label));

    /// <summary>Whether there are landmarks, and the model is known to know none of them.</summary>
    public bool AreUnknown(IReadOnlyCollection<string> landmarks)
        => _labels.Count > 0 && landmarks.Count > 0 && !landmarks.Any(label => _labels.Contains(LandmarkName.Normalize(label)));
}
