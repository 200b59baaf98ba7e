using System.Reflection;
using Microsoft.ML.Landmarks.Embeddings;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Tests.Embeddings;

/// <summary>ONNX Runtime on a GPU, as far as that can be seen without one.</summary>
[TestClass]
public sealed class OnnxDeviceTests
{
    private const string WayOut = " Or allow the CPU in its place by FallbackToCpu.";

    [TestMethod]
    public void CudaOptions_Snapshot()
    {
        string[] expected = ["arena_extend_strategy=kSameAsRequested", "cudnn_conv_algo_search=HEURISTIC", "device_id=2", "use_tf32=0"];
        CollectionAssert.AreEqual(expected, OnnxDevice.CudaOptions(2).Select(o => $"{o.Key}={o.Value}")
            .Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void Create_NativePackageForTheCpu_NamesTheOneForTheGpu()
        => Assert.AreEqual("GPU 99: the native ONNX Runtime is that for the CPU. Replace the package Microsoft.ML.OnnxRuntime of the "
        + "application by Microsoft.ML.OnnxRuntime.Gpu." + WayOut,
            Assert.ThrowsExactly<GpuUnavailableException>(() => Create("means", OnnxDevice.Of(99, 4))).Message);

    [TestMethod]
    [DataRow("Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No "
        + "such file or directory",
        "ONNX Runtime can't use CUDA: Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open "
            + "shared object file: No such file or directory. Install CUDA 12.8 and cuDNN 9.")]
    [DataRow("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0",
        "the driver is too old: [ErrorCode:Fail] CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0. "
        + "Install driver 570 or newer.")]
    [DataRow("CUDA failure 100: no CUDA-capable device is detected ; GPU=0",
        "ONNX Runtime can't use it: [ErrorCode:Fail] CUDA failure 100: no CUDA-capable device is detected ; GPU=0. Free it, or name "
        + "another one.")]
    [DataRow("/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:359 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, "
        + "onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 822083584",
        "its memory does not suffice: [ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:359 void* "
            + "onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested "
            + "buffer of size 822083584. Embed fewer rows at once (BatchSize), free some of it, or name another one.")]
    [DataRow("BFCArena::AllocateRawInternal Available memory of 5513472 is smaller than requested bytes of 20751872",
        "its memory does not suffice: [ErrorCode:Fail] BFCArena::AllocateRawInternal Available memory of 5513472 is smaller than "
        + "requested bytes of 20751872. Embed fewer rows at once (BatchSize), free some of it, or name another one.")]
    [DataRow("CUDA failure 2: out of memory ; GPU=0",
        "its memory does not suffice: [ErrorCode:Fail] CUDA failure 2: out of memory ; GPU=0. Embed fewer rows at once (BatchSize), free "
        + "some of it, or name another one.")]
    [DataRow("This session contains graph nodes that are assigned to the default CPU EP, but fallback to CPU EP has been explicitly "
        + "disabled by the user.",
        "the network has operators that ONNX Runtime runs on the CPU alone. Export it with a fixed batch, height and width, or ask for no "
            + "GPU.")]
    [DataRow("CUDA execution provider is not enabled in this build.",
        "the native ONNX Runtime is that for the CPU. Replace the package Microsoft.ML.OnnxRuntime of the application by "
        + "Microsoft.ML.OnnxRuntime.Gpu.")]
    public void Create_FailureOfOnnxRuntime_SaysTheWayOut(string message, string expected)
    {
        var device = new OnnxDevice(1, 4, _ => throw Failure(message));

        var error = Assert.ThrowsExactly<GpuUnavailableException>(() => Create("means", device));

        Assert.AreEqual($"GPU 1: {expected}{WayOut}", error.Message);
        Assert.IsInstanceOfType<OnnxRuntimeException>(error.InnerException);
    }

    [TestMethod]
    public void Create_EntryPointMissing_NamesThePackage()
    {
        var device = new OnnxDevice(1, 4, _ => throw new EntryPointNotFoundException());
        StringAssert.Contains(Assert.ThrowsExactly<GpuUnavailableException>(() => Create("means", device)).Message,
            "Microsoft.ML.OnnxRuntime.Gpu.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Create_NoNetwork_IsNotBlamedOnTheGpu()
        => Assert.ThrowsExactly<InvalidOperationException>(()
        => new OnnxEmbedder([1, 2, 3], Log, null, null, averageMirror: false, new OnnxDevice(1, 4, _ => { })));

    [TestMethod]
    public void Embed_OutOfMemory_BlamesTheGpuAndSaysTheWayOut()
    {
        using OnnxEmbedder embedder = Create("too_large", new OnnxDevice(1, 4, _ => { }));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Embed(embedder, 4));

        StringAssert.StartsWith(error.Message, "GPU 1: its memory does not suffice: ", StringComparison.Ordinal);
        StringAssert.EndsWith(error.Message, ". Embed fewer rows at once (BatchSize), free some of it, or name another one.",
            StringComparison.Ordinal);
        Assert.IsInstanceOfType<OnnxRuntimeException>(error.InnerException);
    }

    [TestMethod]
    public void Embed_OutOfMemoryOnTheCpu_IsNotBlamedOnAGpu()
    {
        using OnnxEmbedder embedder = Create("too_large", OnnxDevice.Cpu);

        Assert.ThrowsExactly<OnnxRuntimeException>(() => Embed(embedder, 1));
    }

    [TestMethod]
    [DataRow("means", 4, false)]
    [DataRow("means", 3, true)]
    [DataRow("means_4d", 4, false)]
    [DataRow("fixed_batch", 5, false)]
    public void Embed_ABatchAtOnce_EqualsOneByOne(string network, int imagesInGroup, bool averageMirror)
    {
        // A device that is fed as a GPU is, and works on the CPU.
        using OnnxEmbedder expected = Create(network, OnnxDevice.Cpu, averageMirror),
            grouped = Create(network, new OnnxDevice(1, imagesInGroup, _ => { }), averageMirror);
        Assert.AreEqual(grouped.Info.BatchSize ?? imagesInGroup, grouped.ImagesInGroup);
        foreach (int count in (int[])[1, 3, 4, 5, 10])
            CollectionAssert.AreEqual(Embed(expected, count), Embed(grouped, count), $"{count} images");
    }

    private static OnnxLog Log => new(new MLContext(), "The network");

    [TestMethod]
    public void Image_GroupOfMoreValuesThanAnArrayHolds_Throws()
    {
        var images = new NetworkInput(capacity: 64, imagesInGroup: 64, imageLength: 3 * 4800 * 4800);

        Assert.AreEqual("The network takes 64 images at once, which have 4423680000 values together; 1073741823 are the most. Take "
            + "smaller images, or a network with a smaller or free batch.",
            Assert.ThrowsExactly<InvalidOperationException>(() => images.Image(0)).Message);
    }

    private static float[] Embed(OnnxEmbedder embedder, int count)
    {
        const int Size = 8;
        var random = new Random(count);
        var images = new NetworkInput(count, embedder.ImagesInGroup, 3 * Size * Size);
        for (int i = 0; i < count; i++)
        {
            foreach (ref float value in images.Image(i).Span)
                value = random.Next(64);
        }

        var embeddings = new float[count * embedder.GetDimension(Size, Size, new ParallelOptions())];
        embedder.Embed(images, count, Size, Size, embeddings, new ParallelOptions());
        return embeddings;
    }

    private static OnnxEmbedder Create(string network, OnnxDevice device, bool averageMirror = false)
        => new(File.ReadAllBytes(TestFiles.Golden("networks", $"{network}.onnx")), Log, null, null, averageMirror, device);

    private static Exception Failure(string message)
    {
        // ONNX Runtime keeps the constructor, and the type of its first argument, to itself.
        ConstructorInfo constructor =
            typeof(OnnxRuntimeException).GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance).Single(c
            => c.GetParameters().Length == 2);
        return (Exception)constructor.Invoke([Enum.ToObject(constructor.GetParameters()[0].ParameterType, 1), message]);
    }
}
