using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Devices;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>Loads libtorch once.</summary>
internal static class TorchLibrary
{
    static TorchLibrary()
    {
        try
        {
            // CUDA first, since torch looks for it once.
            CudaLibraries.OfProcess.RequireTorch(0);
        }
        catch (GpuUnavailableException e)
        {
            CudaProblem = e.Message;
        }

        try
        {
            // As TorchSharp does it; but where that fails TorchSharp hides the reason.
            NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            CpuProblem = $"libtorch can't be loaded on this machine: {CudaLibraries.LoaderWords(e) ?? e.Message}.";
        }
    }

    /// <summary>Why torch can't compute here; null where it can.</summary>
    public static string? CpuProblem { get; }

    /// <summary>Why torch can't compute on a GPU here; null where it can.</summary>
    public static string? CudaProblem { get; }
}
