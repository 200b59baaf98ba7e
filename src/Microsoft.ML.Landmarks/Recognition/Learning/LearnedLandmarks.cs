namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>What was learned of some rows by one method.</summary>
/// <param name="Whitening">What whitens rows before they are asked; null where they are taken as they are.</param>
/// <param name="Landmarks">Answers them.</param>
internal sealed record LearnedLandmarks(WhiteningTransformer? Whitening, KnnLandmarkTransformer Landmarks) : IDisposable
{
    /// <summary>Answers rows like those that were learned from.</summary>
    public IDataView Answer(IDataView rows) => Landmarks.Transform(Whitening?.Transform(rows) ?? rows);

    /// <summary>Frees what this holds alone: methods share a whitening, which holds nothing.</summary>
    public void Dispose() => Landmarks.Dispose();
}
