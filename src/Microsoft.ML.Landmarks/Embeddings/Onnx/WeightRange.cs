namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>Weights of a network that lie in another file.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where they begin in it, in bytes.</param>
/// <param name="Length">How many bytes they have.</param>
internal sealed record WeightRange(WeightFile File, long Offset, long Length)
{
    public void Read(Span<byte> weights) => File.Read(Offset, weights);
}
