using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Devices;

namespace Microsoft.ML.Landmarks.Tests.Devices;

[TestClass]
public sealed class CudaLibrariesTests
{
    private const string WayOut = " Or allow the CPU in its place by FallbackToCpu.";

    [TestMethod]
    public void RequireTorch_LibrariesThere_LoadsEachOnceAndCuDnnFirst()
    {
        var host = new StubCudaHost { GpuCount = 2 };
        var libraries = new CudaLibraries(host);

        libraries.RequireTorch(1);
        libraries.RequireCuDnn(0);
        Assert.AreSame(host, libraries.RequireTorch(0));

        CollectionAssert.AreEqual(new[] { "cuDNN", "torch", "CUDA", "try 1", "try 0" }, host.Calls);
    }

    [TestMethod]
    public void RequireTorch_SeveralThreads_LoadOnce()
    {
        var host = new StubCudaHost();
        var libraries = new CudaLibraries(host);

        Parallel.For(0, 8, _ => libraries.RequireTorch(0));

        CollectionAssert.AreEqual(new[] { "cuDNN", "torch", "CUDA" }, host.Calls.Where(call => call != "try 0").ToArray());
    }

    [TestMethod]
    [DataRow("CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be asynchronously reported "
        + "at some other API call.\n", "CUDA error: no kernel image is available for execution on the device")]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 MiB.", "CUDA out of memory. Tried to allocate 2.00 MiB")]
    public void RequireTorch_GpuThatCannotCompute_QuotesTorchAndSaysWhichCan(string message, string quoted)
    {
#pragma warning disable CA2201 // TorchSharp throws no other.
        var host = new StubCudaHost { GpuFailure = new ExternalException(message) };
#pragma warning restore CA2201
        var error = Assert.ThrowsExactly<GpuUnavailableException>(() => new CudaLibraries(host).RequireTorch(0));

        Assert.AreEqual($"GPU 0: torch can't compute on it: {quoted}. It needs compute capability 7.5 (Turing) or newer, and free memory. "
            + $"Name another one.{WayOut}", error.Message);
        Assert.AreSame(host.GpuFailure, error.InnerException);
    }

    [TestMethod]
    public void RequireCuDnn_None_SaysWhatToInstall()
    {
        var libraries = new CudaLibraries(new StubCudaHost { CuDnnVersion = null });

        string expected = "GPU 3: libcudnn.so.9 is not found. Install CUDA 12.8 and cuDNN 9, or take an image that has them: "
            + "nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04." + WayOut;
        Assert.AreEqual(expected, Assert.ThrowsExactly<GpuUnavailableException>(() => libraries.RequireCuDnn(3)).Message);
        Assert.AreEqual(expected, Assert.ThrowsExactly<GpuUnavailableException>(() => libraries.RequireTorch(3)).Message);
    }

    [TestMethod]
    public void RequireCuDnn_OfAnotherCuda_SaysWhich()
    {
        var host = new StubCudaHost { CuDnnVersion = 13010 };
        var libraries = new CudaLibraries(host);

        Assert.AreEqual("GPU 0: libcudnn.so.9 is that for CUDA 13. Install cuDNN 9 for CUDA 12, the version that ONNX Runtime and torch "
            + "are built for." + WayOut,
            Assert.ThrowsExactly<GpuUnavailableException>(() => libraries.RequireTorch(0)).Message);
        CollectionAssert.AreEqual(new[] { "cuDNN" }, host.Calls, "nothing that would load a second CUDA");
    }

    [TestMethod]
    public void RequireTorch_NotLoaded_QuotesTheLoader()
    {
        var host = new StubCudaHost
        {
            TorchFailure = new DllNotFoundException(
                """
                Unable to load shared library 'LibTorchSharp' or one of its dependencies. To help diagnose loading problems, use strace:
                /app/LibTorchSharp.so: cannot open shared object file: No such file or directory
                /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)
                /app/LibTorchSharp: cannot open shared object file: No such file or directory
                """),
        };
        var libraries = new CudaLibraries(host);

        var error = Assert.ThrowsExactly<GpuUnavailableException>(() => libraries.RequireTorch(0));

        Assert.AreEqual("GPU 0: torch can't be loaded: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required "
            + "by /app/libLibTorchSharp.so). "
            + "Install what it asks for, or take the image nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04." + WayOut, error.Message);
        Assert.AreSame(host.TorchFailure, error.InnerException);
    }

    [TestMethod]
    [DataRow(12080)]
    [DataRow(null)]
    public void RequireTorch_NoFile_NamesThePackage(int? cuDnn)
    {
        // Without cuDNN too: a program without the package needs that first.
        var host = new StubCudaHost
        {
            CuDnnVersion = cuDnn,
            TorchFailure = new DllNotFoundException("Unable to load shared library 'torch_cuda'\n/app/libtorch_cuda.so: cannot open "
            + "shared object file: No such file or directory\n")
        };

        var error = Assert.ThrowsExactly<GpuUnavailableException>(() => new CudaLibraries(host).RequireTorch(0));

        Assert.AreEqual("GPU 0: there is no torch for CUDA. Add the package TorchSharp-cuda-linux to the application." + WayOut,
            error.Message);
    }

    [TestMethod]
    [DataRow("head\n/a/x.so: cannot open shared object file: No such file or directory\nlibcublas.so.12: cannot open shared object file: "
        + "No such file or directory\n.", "libcublas.so.12: cannot open shared object file: No such file or directory")]
    [DataRow("Unable to load DLL 'torch_cuda'", null)]
    public void LoaderWords_EachForm_AreThoseThatTell(string message, string? expected)
        => Assert.AreEqual(expected, CudaLibraries.LoaderWords(new DllNotFoundException(message)));

    [TestMethod]
    [DataRow(0, 0, "GPU 0: torch finds no CUDA device. nvidia-smi tells whether the driver is there; 570 or newer is needed." + WayOut)]
    [DataRow(2, 2, "GPU 2: torch finds 2, numbered from 0. Name one of them." + WayOut)]
    [DataRow(-1, 2, "GPU -1: torch finds 2, numbered from 0. Name one of them." + WayOut)]
    public void RequireTorch_NoSuchGpu_SaysHowManyThereAre(int gpu, int count, string expected)
    {
        var libraries = new CudaLibraries(new StubCudaHost { GpuCount = count });
        Assert.AreEqual(expected, Assert.ThrowsExactly<GpuUnavailableException>(() => libraries.RequireTorch(gpu)).Message);
    }
}
