namespace Landmarks.Demo.Serving;

/// <summary>A photograph that could not be read, in a problem.</summary>
/// <param name="Id">What the request calls it.</param>
/// <param name="Error">Why.</param>
/// <param name="Kind">The kind of its file; null where it is not known.</param>
internal sealed record UnreadablePhotograph(string? Id, string? Error, string? Kind);
