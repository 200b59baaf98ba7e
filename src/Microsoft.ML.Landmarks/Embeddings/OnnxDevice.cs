using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>Where ONNX Runtime works, and how it is fed there.</summary>
/// <param name="Gpu">The GPU; null for the CPU.</param>
/// <param name="ImagesInGroup">How many images go through a network of free batch at once.</param>
/// <param name="Configure">Adds the device to the options of a session.</param>
internal sealed record OnnxDevice(int? Gpu, int ImagesInGroup, Action<SessionOptions> Configure)
{
    // The first two are those of ONNX Runtime's arena (bfc_arena.cc), which do not name CUDA.
    private static readonly string[] s_memoryTexts = ["Failed to allocate memory for requested buffer",
        "is smaller than requested bytes of", "out of memory"];

    /// <summary>
    /// Several images go through the network side by side: larger batches are no faster, hold tens of MB of intermediate values for each
    /// image, and might make an embedding depend on its neighbors.
    /// </summary>
    public static readonly OnnxDevice Cpu = new(null, 1, _ => { });

    /// <summary>On a GPU all images of a batch go through the network at once, always as many: another number starts another search for the
    /// fastest convolutions.</summary>
    /// <param name="gpu">The GPU; null for the CPU.</param>
    /// <param name="batchSize">Rows that are embedded at once.</param>
    public static OnnxDevice Of(int? gpu, int batchSize)
        => gpu is { } number ? new(number, batchSize, options => AddCuda(options, number)) : Cpu;

    /// <summary>The settings of the CUDA provider.</summary>
    internal static Dictionary<string, string> CudaOptions(int gpu) => new()
    {
        ["device_id"] = $"{gpu}",
        // On by default; off, the embeddings of GPU and CPU stay comparable.
        ["use_tf32"] = "0",
        // The default tries each algorithm; the heuristics of cuDNN 9 know it without.
        ["cudnn_conv_algo_search"] = "HEURISTIC",
        // The default doubles the memory each time.
        ["arena_extend_strategy"] = "kSameAsRequested",
    };

    /// <summary>What of a failure, when a session is made or run, is due to the GPU, and the way out; null where it is not.</summary>
    internal static string? GpuProblem(Exception e) => e switch
    {
        EntryPointNotFoundException => Errors.OnnxForCpu,
        not OnnxRuntimeException => null,
        _ when e.Message.Contains("not enabled in this build", StringComparison.Ordinal) => Errors.OnnxForCpu,
        _ when e.Message.IndexOf("Failed to load library", StringComparison.Ordinal) is >= 0 and int start
            => Errors.CudaLibraryMissing(e.Message[start..]),
        _ when e.Message.Contains("driver version is insufficient", StringComparison.Ordinal) => Errors.DriverTooOld(e.Message),
        _ when e.Message.Contains("CPU EP", StringComparison.Ordinal) => Errors.OperatorsForCpu,
        _ when Array.Exists(s_memoryTexts, text => e.Message.Contains(text, StringComparison.Ordinal)) => Errors.OnnxMemory(e.Message),
        _ when e.Message.Contains("CUDA", StringComparison.OrdinalIgnoreCase) => Errors.CudaFailed(e.Message),
        _ => null,
    };

    private static void AddCuda(SessionOptions options, int gpu)
    {
        using var cuda = new OrtCUDAProviderOptions();
        CudaLibraries.OfProcess.RequireCuDnn(gpu);
        cuda.UpdateOptions(CudaOptions(gpu));
        options.AppendExecutionProvider_CUDA(cuda);
        // Otherwise what the GPU can't do is done on the CPU without a word.
        options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
    }
}
