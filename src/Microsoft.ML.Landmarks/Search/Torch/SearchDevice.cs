using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Search.Torch;

/// <summary>A device other than the CPU, ready to search on.</summary>
/// <param name="Name">What the log calls it.</param>
/// <param name="CreateEngine">An engine for rows, [n, d], less penalties, [n] or null for none; where it can't decide, it asks the engine
/// for the CPU that it is given.</param>
internal sealed record SearchDevice(string Name, Func<UnitRows, double[]?, INeighborEngine, INeighborEngine> CreateEngine)
{
    // TorchSharp is loaded by the first method that names it, which the way to the CPU must not be.
    public static SearchDevice Gpu(int gpu)
        => new($"GPU {gpu}", (gallery, penalties, cpuEngine)
        => new TorchNeighborEngine(gallery, penalties, cpuEngine, torch.device(DeviceType.CUDA, gpu)));
}
