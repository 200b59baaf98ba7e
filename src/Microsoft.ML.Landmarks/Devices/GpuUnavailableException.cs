namespace Microsoft.ML.Landmarks;

/// <summary>
/// A GPU that was asked for can't be used, and the CPU was not allowed in its place. Where ML.NET loads a model, it wraps this in
/// exceptions of its own.
/// </summary>
public sealed class GpuUnavailableException : InvalidOperationException
{
    internal GpuUnavailableException(int gpu, string problem, Exception? inner) : base(Errors.GpuUnavailable(gpu, problem), inner)
        => (Gpu, Problem) = (gpu, problem);

    /// <summary>The GPU, by CUDA's number.</summary>
    public int Gpu { get; }

    /// <summary>What is wrong with it, and the way out: sentences, without the GPU's number.</summary>
    public string Problem { get; }
}
