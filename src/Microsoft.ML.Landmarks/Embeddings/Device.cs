using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Where the work is done. This version knows the CPU alone.</summary>
internal static class Device
{
    /// <summary>Refuses a GPU that was asked for, or warns where the CPU may take its place.</summary>
    /// <param name="env">Its <see cref="MLContext.GpuDeviceId"/> and <see cref="MLContext.FallbackToCpu"/> decide where <paramref name="gpuDeviceId"/> is null.</param>
    /// <param name="gpuDeviceId">The GPU asked for.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take the place of that GPU.</param>
    /// <exception cref="InvalidOperationException">A GPU was asked for without a fallback.</exception>
    public static void RequireCpu(IHostEnvironment env, int? gpuDeviceId, bool fallbackToCpu)
    {
        if (gpuDeviceId is null)
            (gpuDeviceId, fallbackToCpu) = MLNetInternals.Device(env);
        if (gpuDeviceId is not { } gpu)
            return;
        if (!fallbackToCpu)
            throw Errors.NoGpu(gpu);
        using IChannel channel = env.Start("Choosing a device");
        channel.Warning(MessageSensitivity.None, Errors.GpuFallback(gpu));
    }
}
