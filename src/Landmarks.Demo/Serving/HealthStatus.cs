namespace Landmarks.Demo.Serving;

/// <summary>What the service says of itself.</summary>
/// <param name="Status">live, or ready.</param>
internal sealed record HealthStatus(string Status);
