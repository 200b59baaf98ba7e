namespace Landmarks.Demo.Data;

/// <summary>What a photograph was answered with, and by which neighbors.</summary>
/// <param name="Answer">The answer; its id is the photograph's path.</param>
/// <param name="Neighbors">The neighbors, best first; empty where the model does not tell them.</param>
internal sealed record PhotoAnswer(Answer Answer, IReadOnlyList<Neighbor> Neighbors);
