namespace Microsoft.ML.Landmarks.Tests.Devices;

/// <summary>A GPU that no machine has.</summary>
internal static class UnavailableGpu
{
    /// <summary>Loads a model for GPU 99 alone, and gives the error in those that ML.NET wraps it in.</summary>
    public static GpuUnavailableException LoadOnto(string modelFile)
    {
        Exception error = Assert.Throws<Exception>(()
            => new MLContext { GpuDeviceId = 99, FallbackToCpu = false }.Model.Load(modelFile, out _));
        while (error is not GpuUnavailableException)
            error = error.InnerException!;
        return (GpuUnavailableException)error;
    }
}
