using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Where an index is searched.</summary>
internal static class SearchDevices
{
    /// <summary>The GPU to search on; null for the CPU.</summary>
    /// <param name="env">The environment.</param>
    /// <param name="gpuDeviceId">The GPU asked for.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take the place of that GPU.</param>
    /// <param name="libraries">Null for those of the process.</param>
    /// <exception cref="GpuUnavailableException">The GPU can't be used, and the CPU may not take its place.</exception>
    public static SearchDevice? Choose(IHostEnvironment env, int? gpuDeviceId, bool fallbackToCpu, CudaLibraries? libraries = null)
        => Device.Use(env, gpuDeviceId, fallbackToCpu, device =>
        {
            if (device is not { } gpu)
                return null;
            if ((libraries ?? CudaLibraries.OfProcess).RequireTorch(gpu).AllowsTf32)
                Device.Warn(env, Errors.Tf32Allowed(gpu));
            return SearchDevice.Gpu(gpu);
        });
}
