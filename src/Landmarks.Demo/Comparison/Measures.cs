namespace Landmarks.Demo.Comparison;

/// <summary>How well queries were answered.</summary>
/// <param name="Gap">Global average precision.</param>
/// <param name="Accuracy">Right answers among the queries that show a landmark.</param>
internal readonly record struct Measures(double Gap, double Accuracy);
