namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>What a program that ran to its end printed and took, starting included.</summary>
/// <param name="Lines">What it printed.</param>
/// <param name="Seconds">On the clock.</param>
/// <param name="Processor">Seconds of all threads.</param>
/// <param name="PeakMemory">The most bytes that it had.</param>
internal sealed record MeasuredRun(string[] Lines, double Seconds, double Processor, long PeakMemory);
