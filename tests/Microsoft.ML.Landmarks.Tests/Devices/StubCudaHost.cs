using Microsoft.ML.Landmarks.Devices;

namespace Microsoft.ML.Landmarks.Tests.Devices;

/// <summary>A machine with the libraries that a test gives it; it notes what is asked of it.</summary>
internal sealed class StubCudaHost : ICudaHost
{
    public int? CuDnnVersion { get; init; } = 12080;

    public Exception? TorchFailure { get; init; }

    public Exception? GpuFailure { get; init; }

    public int GpuCount { get; init; } = 1;

    public bool AllowsTf32 { get; init; }

    public List<string> Calls { get; } = [];

    public int? LoadCuDnn()
    {
        Calls.Add("cuDNN");
        return CuDnnVersion;
    }

    public void LoadTorch()
    {
        Calls.Add("torch");
        if (TorchFailure is not null)
            throw TorchFailure;
    }

    public int StartTorch()
    {
        Calls.Add("CUDA");
        return GpuCount;
    }

    public void TryTorch(int gpu)
    {
        Calls.Add($"try {gpu}");
        if (GpuFailure is not null)
            throw GpuFailure;
    }
}
