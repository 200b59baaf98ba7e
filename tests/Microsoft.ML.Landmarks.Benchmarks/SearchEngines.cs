using Microsoft.ML.Landmarks.Search.Adaptive;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the search benchmark can measure.</summary>
internal static class SearchEngines
{
    public const string Filter = EngineSelection.Filter, Fused = EngineSelection.Fused, TorchSharp = "torchsharp", Tensors = "tensors",
        Torch = "torch", Faiss = "faiss";

    /// <summary>Packages of Python.</summary>
    public static readonly IReadOnlyList<string> Peers = [Torch, Faiss];

    public static readonly IReadOnlyList<string> All = [Filter, Fused, TorchSharp, Tensors, .. Peers];

    /// <summary>What is measured where nothing is asked for, less the engine that the environment does not force.</summary>
    public static IEnumerable<string> Preset(EngineSelection selection)
        => All.Where(name => name != TorchSharp && (selection.Engine is null || name == selection.Engine || !IsOwn(name)));

    /// <summary>Whether it is an engine of this library, whose answers must be exact.</summary>
    public static bool IsOwn(string name) => name is Filter or Fused or TorchSharp;
}
