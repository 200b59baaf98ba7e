namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>What the options of every step have.</summary>
internal sealed record StepSettings(
    int? MaxDegreeOfParallelism = null, IProgress<long>? Progress = null, CancellationToken CancellationToken = default);
