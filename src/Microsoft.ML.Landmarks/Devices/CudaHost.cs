using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Devices;

/// <summary>The libraries of CUDA for Linux.</summary>
internal sealed class CudaHost : ICudaHost
{
    public bool AllowsTf32 => torch.backends.cuda.matmul.allow_tf32;

    public int? LoadCuDnn()
    {
        if (!NativeLibrary.TryLoad(CudaLibraries.CuDnn, out nint library))
            return null;
        nint function = NativeLibrary.GetExport(library, "cudnnGetCudartVersion");
        return (int)Marshal.GetDelegateForFunctionPointer<CudnnGetCudartVersion>(function)();
    }

    public void LoadTorch()
    {
        // As TorchSharp does it; but where that fails TorchSharp says that there is no package, whatever the loader said, and looks for
        // others.
        NativeLibrary.Load("torch_cuda", typeof(torch).Assembly, null);
        NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
    }

    public int StartTorch() => torch.TryInitializeDeviceType(DeviceType.CUDA) ? torch.cuda.device_count() : 0;

    public void TryTorch(int gpu)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor zeros = torch.zeros(64L, 64L, device: torch.device(DeviceType.CUDA, gpu));
        // What a GPU is asked to do is done, and fails, when the result is read.
        zeros.addmm(zeros, zeros).topk(1).values.cpu();
    }

    private delegate nuint CudnnGetCudartVersion();
}
