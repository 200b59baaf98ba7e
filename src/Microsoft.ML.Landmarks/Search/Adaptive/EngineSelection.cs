using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>What a person forces of the choice of an engine, for tests and measurements; answers don't depend on it.</summary>
/// <param name="Engine"><see cref="Filter"/> or <see cref="Fused"/>; null: the faster.</param>
/// <param name="Kernel">The kernel of the filter; null: the fastest.</param>
/// <param name="Rates">How fast a core multiplies, for the choice; null: as measured.</param>
/// <param name="RepayingQueries">How many queries repay a filter that then is prepared whatever it costs; null: as reckoned.</param>
internal sealed record EngineSelection(string? Engine, ByteKernel? Kernel, KernelRates? Rates = null, long? RepayingQueries = null)
{
    public const string Filter = "filter", Fused = "fused";

    /// <summary>The environment variables: an engine, and a kernel of <see cref="ByteKernels.Supported"/>.</summary>
    public const string EngineVariable = "LANDMARKS_ENGINE", KernelVariable = "LANDMARKS_KERNEL";

    /// <param name="read">The value of an environment variable.</param>
    /// <exception cref="InvalidOperationException">A variable names no engine, or a kernel that this processor lacks.</exception>
    public static EngineSelection FromEnvironment(Func<string, string?> read)
    {
        string? kernel = Read(KernelVariable, [.. ByteKernels.Supported.Select(k => k.ToString())]);
        return new EngineSelection(Read(EngineVariable, [Filter, Fused]), kernel is null ? null : Enum.Parse<ByteKernel>(kernel));

        string? Read(string variable, string[] allowed)
        {
            string? value = read(variable);
            if (string.IsNullOrEmpty(value))
                return null;
            return allowed.FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase))
                ?? throw Errors.EnvironmentVariable(variable, value, allowed);
        }
    }
}
