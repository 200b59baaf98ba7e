using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Where the work is done: the CPU, or a GPU that was asked for.</summary>
internal static class Device
{
    /// <summary>
    /// Makes something on the GPU that was asked for, or on the CPU where none was. Where the GPU can't be used and the CPU may take its place,
    /// that is warned of and done.
    /// </summary>
    /// <param name="env">Its <see cref="MLContext.GpuDeviceId"/> and <see cref="MLContext.FallbackToCpu"/> decide where <paramref name="gpuDeviceId"/> is null.</param>
    /// <param name="gpuDeviceId">The GPU asked for.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take the place of that GPU.</param>
    /// <param name="make">Takes the GPU, or null for the CPU.</param>
    /// <exception cref="GpuUnavailableException">The GPU can't be used, and the CPU may not take its place.</exception>
    public static T Use<T>(IHostEnvironment env, int? gpuDeviceId, bool fallbackToCpu, Func<int?, T> make)
    {
        if (gpuDeviceId is null)
            (gpuDeviceId, fallbackToCpu) = MLNetInternals.Device(env);
        try
        {
            return make(gpuDeviceId);
        }
        catch (GpuUnavailableException e) when (fallbackToCpu)
        {
            Warn(env, Errors.GpuFallback(e));
            return make(null);
        }
    }

    /// <summary>The GPU to search on; null for the CPU.</summary>
    /// <param name="env">The environment.</param>
    /// <param name="gpuDeviceId">The GPU asked for.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take the place of that GPU.</param>
    /// <param name="libraries">Null for those of the process.</param>
    /// <exception cref="GpuUnavailableException">The GPU can't be used, and the CPU may not take its place.</exception>
    public static SearchDevice? ForSearch(IHostEnvironment env, int? gpuDeviceId, bool fallbackToCpu, CudaLibraries? libraries = null) => Use(env, gpuDeviceId, fallbackToCpu, device =>
    {
        if (device is not { } gpu)
            return null;
        if ((libraries ?? CudaLibraries.OfProcess).RequireTorch(gpu).AllowsTf32)
            Warn(env, Errors.Tf32Allowed(gpu));
        return SearchDevice.Gpu(gpu);
    });

    private static void Warn(IHostEnvironment env, string message)
    {
        using IChannel channel = env.Start("Choosing a device");
        channel.Warning(MessageSensitivity.None, message);
    }
}
