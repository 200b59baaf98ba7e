namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Which of some ids rows have.</summary>
/// <param name="Landmarks">Those of landmark rows.</param>
/// <param name="NonLandmarks">Those of non-landmarks.</param>
internal sealed record FoundIds(IReadOnlyList<string> Landmarks, IReadOnlyList<string> NonLandmarks)
{
    public IEnumerable<string> All => Landmarks.Concat(NonLandmarks);
}
