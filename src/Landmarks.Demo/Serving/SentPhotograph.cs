namespace Landmarks.Demo.Serving;

/// <summary>A photograph in a request.</summary>
/// <param name="Id">What the request calls it; null where it has no name.</param>
/// <param name="File">The bytes of its file.</param>
internal sealed record SentPhotograph(string? Id, byte[] File);
