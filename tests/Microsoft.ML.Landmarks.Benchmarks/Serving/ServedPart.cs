namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>What of a service is measured.</summary>
internal enum ServedPart
{
    /// <summary>Throughput, latencies and peak memory, beside others.</summary>
    Speed,

    /// <summary>Memory after many requests.</summary>
    Requests,

    /// <summary>Memory after many reloads, and answers during them.</summary>
    Reloads,
}
