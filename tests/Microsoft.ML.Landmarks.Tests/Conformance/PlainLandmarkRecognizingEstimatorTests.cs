namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>By a method that takes rows as they are.</summary>
[TestClass]
public sealed class PlainLandmarkRecognizingEstimatorTests() : LandmarkRecognizingConformance(LandmarkMethod.NoPenalties);
