namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>The method by which landmarks are learned.</summary>
/// <param name="Method">The method.</param>
/// <param name="Reasons">What speaks for it, in words; none where it was asked for.</param>
internal sealed record ChosenMethod(LandmarkMethod Method, IReadOnlyList<string> Reasons);
