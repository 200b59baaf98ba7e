namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>By the method that suits the rows, of few landmarks here.</summary>
[TestClass]
public sealed class LandmarkRecognizingEstimatorTests() : LandmarkRecognizingConformance(method: null);
