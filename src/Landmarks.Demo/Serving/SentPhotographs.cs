namespace Landmarks.Demo.Serving;

/// <summary>The photographs of a request.</summary>
/// <param name="Photographs">At least one.</param>
/// <param name="AreListed">Whether the answer is a list, however many there are.</param>
internal sealed record SentPhotographs(IReadOnlyList<SentPhotograph> Photographs, bool AreListed);
