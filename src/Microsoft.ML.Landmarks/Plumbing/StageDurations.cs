using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// How long the stages of batches take, in the instruments of .NET: who listens to the meter learns what the time went into, and where
/// nobody does it costs nothing.
/// </summary>
internal static class StageDurations
{
    private static readonly Meter s_meter = new("Microsoft.ML.Landmarks");

    /// <summary>Reading, decoding and preparing the photographs of a batch.</summary>
    public static Histogram<double> Decode { get; } = Create("decode", "Reading, decoding and preparing the photographs of a batch.");

    /// <summary>The network's run on a batch.</summary>
    public static Histogram<double> Network { get; } = Create("network", "The network's run on a batch.");

    /// <summary>The search for the neighbors of a batch, and their votes.</summary>
    public static Histogram<double> Search { get; } = Create("search", "The search for the neighbors of a batch, and their votes.");

    /// <summary>Measures from here to the end of the result's scope.</summary>
    public static Measurement Measure(this Histogram<double> stage) => new(stage);

    private static Histogram<double> Create(string stage, string description)
        => s_meter.CreateHistogram($"landmarks.{stage}.duration", "s", description, tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10],
            });

    internal readonly ref struct Measurement(Histogram<double> stage)
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose() => stage.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds);
    }
}
