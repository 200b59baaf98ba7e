using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Devices;

[TestClass]
public sealed class DeviceTests
{
    [TestMethod]
    // What the step asks for, what the context says, and the devices that are tried: -1 is the CPU, a row without it ends with an error.
    [DataRow(null, false, null, true, new[] { -1 })]
    [DataRow(null, true, null, true, new[] { -1 })]
    [DataRow(null, false, 1, true, new[] { 1, -1 })]
    [DataRow(null, true, 1, false, new[] { 1 })]
    [DataRow(2, false, 1, true, new[] { 2 })]
    [DataRow(2, true, 1, false, new[] { 2, -1 })]
    [DataRow(2, true, null, false, new[] { 2, -1 })]
    public void Use_NoGpuUsable_TriesTheOneAskedForAndTheCpuWhereAllowed(int? gpu, bool fallback, int? contextGpu, bool contextFallback,
        int[] expected)
    {
        var mlContext = new MLContext { GpuDeviceId = contextGpu, FallbackToCpu = contextFallback };
        List<string> warnings = mlContext.CollectWarnings();
        List<int> tried = [];

        if (expected[^1] == -1)
            Assert.AreEqual(-1, Device.Use(mlContext, gpu, fallback, Make));
        else
            Assert.ThrowsExactly<GpuUnavailableException>(() => Device.Use(mlContext, gpu, fallback, Make));

        CollectionAssert.AreEqual(expected, tried);
        CollectionAssert.AreEqual(expected.Length == 2
            ? [$"GPU {expected[0]}: it is broken. The CPU takes its place."] : Array.Empty<string>(), warnings);

        int Make(int? device)
        {
            tried.Add(device ?? -1);
            return device is { } number ? throw new GpuUnavailableException(number, "it is broken.", null) : -1;
        }
    }

    [TestMethod]
    public void Use_GpuUsable_TakesIt()
        => Assert.AreEqual(1, Device.Use(new MLContext { GpuDeviceId = 1 }, gpuDeviceId: null, fallbackToCpu: false, gpu => gpu));

    [TestMethod]
    public void Use_FailureOfAnotherKind_IsNoReasonForTheCpu()
        => Assert.ThrowsExactly<FormatException>(()
        => Device.Use<int>(new MLContext(), 0, fallbackToCpu: true, _ => throw new FormatException()));

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ForSearch_Tf32_IsWarnedOf(bool allowed)
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();

        Assert.AreEqual("GPU 0", SearchDevices.Choose(mlContext, 0, fallbackToCpu: false,
            new CudaLibraries(new StubCudaHost { AllowsTf32 = allowed }))!.Name);

        string[] expected = allowed ? ["GPU 0: torch.backends.cuda.matmul.allow_tf32 is on. The results are the same, but many rows are "
            + "searched again on the CPU. Set it to false."] : [];
        CollectionAssert.AreEqual(expected, warnings);
    }
}
