using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.ML.Landmarks.Benchmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>The benchmarks of the innermost loops.</summary>
internal static class KernelBenchmarks
{
    /// <exception cref="WrongInputException">There is no benchmark of such a name.</exception>
    public static void Run(string filter)
    {
        // In this process: the project that BenchmarkDotNet would generate lies outside the solution's folders.
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "landmarks-kernels"));
        if (!BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(["--filter", filter], config).Any())
            throw new WrongInputException($"--filter is '{filter}', which no benchmark is called; those above are. Name some of them by a "
                + $"pattern: '*{nameof(DotBench)}*'.");
    }
}
