namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>What it took to answer photographs.</summary>
/// <param name="Photographs">How many.</param>
/// <param name="Seconds">On the clock.</param>
/// <param name="Processor">Seconds of all threads: where others use the machine, the better measure.</param>
/// <param name="PeakMemory">The most bytes that the process ever had.</param>
/// <param name="Latencies">Of each photograph, in seconds, the shortest first; empty where it is not measured.</param>
internal sealed record Cost(int Photographs, double Seconds, double Processor, long PeakMemory, double[] Latencies)
{
    /// <summary>Photographs a second.</summary>
    public double Throughput => Photographs / Seconds;

    /// <summary>Photographs a second of processor time.</summary>
    public double PerProcessor => Photographs / Processor;

    public double MeanLatency => Latencies.Average();

    /// <summary>The latency that one in a hundred exceeds.</summary>
    public double P99 => Latencies[(int)Math.Ceiling(0.99 * Latencies.Length) - 1];
}
