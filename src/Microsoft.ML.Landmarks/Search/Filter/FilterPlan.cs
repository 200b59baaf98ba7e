namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>How a gallery is searched: the coordinates and scales of the filter, and what they are expected to cost.</summary>
/// <param name="Space">The coordinates.</param>
/// <param name="Scales">The scales.</param>
/// <param name="ExpectedSurvivors">The share of the rows that pass the filter.</param>
/// <param name="Nanoseconds">What preparing the rows and searching them is expected to take.</param>
internal sealed record FilterPlan(FilterSpace Space, FilterScales Scales, double ExpectedSurvivors, double Nanoseconds);
