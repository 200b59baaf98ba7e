namespace Landmarks.Demo.Serving;

/// <summary>What became of a change.</summary>
/// <param name="Model">The number of the model that is served now.</param>
/// <param name="LandmarkRowCount">How many of its rows have a landmark.</param>
/// <param name="NonLandmarkRowCount">How many have none.</param>
internal sealed record ChangedModel(int Model, int LandmarkRowCount, int NonLandmarkRowCount);
