namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>What searches took, by their medians.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Processor">Seconds of the server on a core.</param>
/// <param name="Seconds">On the clock, less what the server waited for a core: others use the machine too.</param>
internal sealed record SearchTimes(int Count, double Processor, double Seconds);
