namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>The messages of onnx.proto that hold weights, or others that do.</summary>
internal enum MessageKind
{
    /// <summary>Anything else, which is taken as it is.</summary>
    Other,
    Model,
    Function,
    Graph,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
}
