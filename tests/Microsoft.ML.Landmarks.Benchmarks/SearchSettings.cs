using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the search benchmark is asked to measure.</summary>
/// <param name="Rows"><c>synthetic</c>, <c>network</c> or a file.</param>
/// <param name="Train">Training rows.</param>
/// <param name="NonLandmarks">Non-landmark rows.</param>
/// <param name="Queries">Queries.</param>
/// <param name="Dimension">Values of a row; null: what the file says, or <see cref="PresetDimension"/>.</param>
/// <param name="Engines">Of <see cref="SearchEngines.All"/>.</param>
/// <param name="Kernel">The kernel of the filter; null: the fastest.</param>
/// <param name="Python">The Python that has the packages of the peers.</param>
/// <param name="Json">Where the figures are written; null: nowhere.</param>
internal sealed record SearchSettings(string Rows, int Train, int NonLandmarks, int Queries, int? Dimension, IReadOnlyList<string> Engines,
    ByteKernel? Kernel, string Python, string? Json)
{
    public const int PresetDimension = 512, LargestDimension = 1 << 16;
}
