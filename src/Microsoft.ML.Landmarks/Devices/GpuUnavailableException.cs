namespace Microsoft.ML.Landmarks;

/// <summary>A GPU that was asked for can't be used; where that is allowed, the CPU takes its place.</summary>
/// <param name="gpu">The GPU.</param>
/// <param name="problem">What is wrong, and the way out.</param>
/// <param name="inner">What said so.</param>
internal sealed class GpuUnavailableException(int gpu, string problem, Exception? inner) : InvalidOperationException(Errors.GpuUnavailable(gpu, problem), inner)
{
    public int Gpu => gpu;

    public string Problem => problem;
}
