using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>How well a method answered, and how much better than the first.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="ImageSize">Side of the images in pixels, or several.</param>
/// <param name="Result">Its measures, and their differences to the first's.</param>
internal sealed record ComparedMethod(string Name, string ImageSize, LandmarkComparison Result);
