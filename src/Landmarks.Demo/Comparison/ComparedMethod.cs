namespace Landmarks.Demo.Comparison;

/// <summary>How well a method answered, and how much better than the first.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="ImageSize">Side of the images in pixels, or several.</param>
/// <param name="Gap">Global average precision.</param>
/// <param name="Accuracy">Right answers among the queries that show a landmark.</param>
/// <param name="GapDifference">The method's less the first's, in the same resamples.</param>
/// <param name="AccuracyDifference">Likewise.</param>
internal sealed record ComparedMethod(string Name, string ImageSize, Estimate Gap, Estimate Accuracy, Estimate GapDifference,
    Estimate AccuracyDifference);
