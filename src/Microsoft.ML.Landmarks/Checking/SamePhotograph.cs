namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Two rows that show one photograph.</summary>
/// <param name="Row">The earlier row.</param>
/// <param name="Other">The later row.</param>
/// <param name="Likeness">From 0 to 1.</param>
/// <param name="IsExact">Whether all pixels are the same.</param>
internal readonly record struct SamePhotograph(int Row, int Other, double Likeness, bool IsExact);
