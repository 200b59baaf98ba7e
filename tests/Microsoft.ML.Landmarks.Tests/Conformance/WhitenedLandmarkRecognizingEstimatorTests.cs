namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>By a method that whitens and tunes.</summary>
[TestClass]
public sealed class WhitenedLandmarkRecognizingEstimatorTests() : LandmarkRecognizingConformance(LandmarkMethod.WhitenedTuned);
