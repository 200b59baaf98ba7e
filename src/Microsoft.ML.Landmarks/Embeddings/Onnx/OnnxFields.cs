namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>The numbers of the fields that are read, for each message of onnx.proto.</summary>
internal static class OnnxFields
{
    public static class Model
    {
        public const int Graph = 7, Functions = 25;
    }

    public static class Function
    {
        public const int Node = 7;
    }

    public static class Graph
    {
        public const int Node = 1, Initializer = 5, Input = 11, Output = 12, SparseInitializer = 15;
    }

    public static class Node
    {
        public const int Input = 1, Output = 2, Attribute = 5;
    }

    public static class Attribute
    {
        public const int Tensor = 5, Graph = 6, Tensors = 10, Graphs = 11, SparseTensor = 22, SparseTensors = 23;
    }

    public static class Tensor
    {
        public const int Name = 8, RawData = 9, ExternalData = 13, DataLocation = 14;
    }

    public static class SparseTensor
    {
        public const int Values = 1, Indices = 2;
    }

    /// <summary>An entry of a tensor's external data.</summary>
    public static class StringStringEntry
    {
        public const int Key = 1, Value = 2;
    }

    /// <summary>An input or output of a graph, down to the length of an axis.</summary>
    public static class ValueInfo
    {
        public const int Name = 1, Type = 2, TensorType = 1, Shape = 2, Dimension = 1, DimensionValue = 1;
    }
}
