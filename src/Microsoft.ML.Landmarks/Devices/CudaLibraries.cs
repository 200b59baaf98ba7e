using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Devices;

/// <summary>
/// Prepares the libraries of CUDA, each once in a process and in one order. cuDNN comes first: the one that is loaded first serves ONNX
/// Runtime and torch alike, and those for CUDA 12 and 13 have the same name.
/// </summary>
internal sealed class CudaLibraries
{
    public const string CuDnn = "libcudnn.so.9";

    private const int CudaMajor = 12;

    private readonly ICudaHost _host;
    private readonly Lazy<string?> _cuDnnProblem;
    private readonly Lazy<(string? Problem, Exception? Cause, int GpuCount)> _torch;

    public CudaLibraries(ICudaHost host)
    {
        _host = host;
        _cuDnnProblem = new(LoadCuDnn);
        _torch = new(LoadTorch);
    }

    public static CudaLibraries OfProcess { get; } = new(new CudaHost());

    /// <exception cref="GpuUnavailableException">There is no cuDNN 9 for CUDA 12.</exception>
    public void RequireCuDnn(int gpu)
    {
        if (_cuDnnProblem.Value is { } problem)
            throw new GpuUnavailableException(gpu, problem, null);
    }

    /// <summary>Prepares torch, before anything else calls it.</summary>
    /// <exception cref="GpuUnavailableException">A library is missing, or there is no such GPU, or torch can't compute on it.</exception>
    public ICudaHost RequireTorch(int gpu)
    {
        (string? problem, Exception? cause, int gpuCount) = _torch.Value;
        if (problem is null && (gpu < 0 || gpu >= gpuCount))
            problem = Errors.NoSuchGpu(gpuCount);
        if (problem is not null)
            throw new GpuUnavailableException(gpu, problem, cause);
        try
        {
            _host.TryTorch(gpu);
            return _host;
        }
        catch (ExternalException e)
        {
            throw new GpuUnavailableException(gpu, Errors.TorchFailed(e.Message), e);
        }
    }

    private string? LoadCuDnn() => _host.LoadCuDnn() switch
    {
        null => Errors.CuDnnMissing(CuDnn),
        { } version when version / 1000 != CudaMajor => Errors.CuDnnOfOtherCuda(CuDnn, version / 1000),
        _ => null,
    };

    private (string? Problem, Exception? Cause, int GpuCount) LoadTorch()
    {
        string? cuDnn = _cuDnnProblem.Value;
        // Beside the cuDNN of another CUDA, torch would bring a second one. Where there is none, the package may be missing too, and comes
        // first.
        if (cuDnn is not null && cuDnn != Errors.CuDnnMissing(CuDnn))
            return (cuDnn, null, 0);
        try
        {
            _host.LoadTorch();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return (LoaderWords(e) is { } words ? cuDnn ?? Errors.TorchNotLoaded(words) : Errors.TorchMissing, e, 0);
        }

        return cuDnn is null ? (null, null, _host.StartTorch()) : (cuDnn, null, 0);
    }

    /// <summary>What the loader found wrong with the file; null where there was none in any place.</summary>
    internal static string? LoaderWords(Exception e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return e is DllNotFoundException
            ? lines.Skip(1).FirstOrDefault(line => line != "."
            && !(line.StartsWith('/') && line.EndsWith("No such file or directory", StringComparison.Ordinal)))
            : lines[0];
    }
}
