using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Devices;

/// <summary>Where the work is done: the CPU, or a GPU that was asked for.</summary>
internal static class Device
{
    /// <summary>
    /// Makes something on the GPU that was asked for, or on the CPU where none was. Where the GPU can't be used and the CPU may take its
    /// place, that is warned of and done.
    /// </summary>
    /// <param name="env">Its <see cref="MLContext.GpuDeviceId"/> and <see cref="MLContext.FallbackToCpu"/> decide where
    /// <paramref name="gpuDeviceId"/> is null.</param>
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
            Warn(env, Errors.GpuFallback(e.Gpu, e.Problem));
            return make(null);
        }
    }

    /// <summary>Writes a warning to the log.</summary>
    public static void Warn(IHostEnvironment env, string message)
    {
        using IChannel channel = env.Start("Choosing a device");
        channel.Warning(MessageSensitivity.None, message);
    }
}
