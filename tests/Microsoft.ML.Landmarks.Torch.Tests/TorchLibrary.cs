using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Devices;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>Loads libtorch once. Where that fails, every test of this program is inconclusive, with the loader's reason.</summary>
[TestClass]
public static class TorchLibrary
{
    private static string? s_cudaProblem;

    [AssemblyInitialize]
    public static void Load(TestContext context)
    {
        try
        {
            // CUDA first, since torch looks for it once.
            CudaLibraries.OfProcess.RequireTorch(0);
        }
        catch (GpuUnavailableException e)
        {
            s_cudaProblem = e.Message;
        }

        try
        {
            // As TorchSharp does it; but where that fails TorchSharp hides the reason.
            NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            Assert.Inconclusive($"libtorch can't be loaded on this machine: {CudaLibraries.LoaderWords(e) ?? e.Message}.");
        }
    }

    /// <summary>Makes a test inconclusive where there is no GPU, with the reason.</summary>
    public static void RequireCuda()
    {
        if (s_cudaProblem is not null)
            Assert.Inconclusive(s_cudaProblem);
    }
}
