using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>The processor that is measured.</summary>
internal static class Processor
{
    public static string Name
    {
        get
        {
            const string CpuInfo = "/proc/cpuinfo";
            string? line = File.Exists(CpuInfo)
                ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
            return line?[(line.IndexOf(':') + 2)..] ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
