namespace Landmarks.Demo.Serving;

/// <summary>A photograph that is sent in JSON.</summary>
/// <param name="Id">What its answer calls it.</param>
/// <param name="Image">The bytes of its file, in base64.</param>
internal sealed record JsonPhotograph(string? Id, byte[]? Image);
