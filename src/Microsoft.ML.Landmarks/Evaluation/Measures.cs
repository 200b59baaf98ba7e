namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>How well queries were answered.</summary>
/// <param name="Gap">Global average precision.</param>
/// <param name="Accuracy">Right answers among the queries that show a landmark.</param>
internal readonly record struct Measures(double Gap, double Accuracy)
{
    public static Measures operator -(Measures left, Measures right) => new(left.Gap - right.Gap, left.Accuracy - right.Accuracy);
}
