namespace Microsoft.ML.Landmarks.Embeddings.Tensors;

/// <summary>The types of values that a network may take and make.</summary>
internal enum TensorKind
{
    Single,
    Half,
    BFloat16,
    Byte,
}
