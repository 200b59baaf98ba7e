using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>How well a method answered.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="ImageSize">Side of the images in pixels, or several.</param>
/// <param name="IsReported">Whether its answers are the ones that the report shows.</param>
/// <param name="IsGiven">Whether it is a model that was given, and not fitted to be compared.</param>
/// <param name="Metrics">How well it answered.</param>
internal sealed record ReportedMethod(string Name, string ImageSize, bool IsReported, bool IsGiven, LandmarkMetrics Metrics);
