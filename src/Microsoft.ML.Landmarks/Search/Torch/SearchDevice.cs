using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Search.Torch;

/// <summary>A device other than the CPU, ready to search on.</summary>
/// <param name="Name">What the log calls it.</param>
/// <param name="CreateEngine">An engine for rows, [n, d], less penalties, [n] or null for none; where it can't decide, it asks the engine
/// for the CPU that it is given.</param>
internal sealed record SearchDevice(string Name, Func<UnitRows, double[]?, INeighborEngine, INeighborEngine> CreateEngine)
{
    /// <summary>The GPU to search on; null for the CPU.</summary>
    /// <param name="env">The environment.</param>
    /// <param name="gpuDeviceId">The GPU asked for.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take the place of that GPU.</param>
    /// <param name="libraries">Null for those of the process.</param>
    /// <exception cref="GpuUnavailableException">The GPU can't be used, and the CPU may not take its place.</exception>
    public static SearchDevice? Create(IHostEnvironment env, int? gpuDeviceId, bool fallbackToCpu, CudaLibraries? libraries = null)
        => Device.Use(env, gpuDeviceId, fallbackToCpu, device =>
    {
        if (device is not { } gpu)
            return null;
        if ((libraries ?? CudaLibraries.OfProcess).RequireTorch(gpu).AllowsTf32)
            Device.Warn(env, Errors.Tf32Allowed(gpu));
        return Gpu(gpu);
    });

    // TorchSharp is loaded by the first method that names it, which the way to the CPU must not be.
    public static SearchDevice Gpu(int gpu)
        => new($"GPU {gpu}", (gallery, penalties, cpuEngine)
        => new TorchNeighborEngine(gallery, penalties, cpuEngine, torch.device(DeviceType.CUDA, gpu)));
}
