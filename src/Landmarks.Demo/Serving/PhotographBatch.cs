using System.Diagnostics.CodeAnalysis;

namespace Landmarks.Demo.Serving;

/// <summary>Photographs that one model answers together.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no handle, so there is nothing to dispose.")]
internal sealed class PhotographBatch(ServedModel model, QueuedPhotograph[] photographs)
{
    public ServedModel Model => model;

    public IReadOnlyList<QueuedPhotograph> Photographs => photographs;

    /// <summary>How many of them somebody waits for. The queue's lock guards it.</summary>
    public int Wanted { get; set; } = photographs.Length;

    /// <summary>Ends the work on it.</summary>
    public CancellationTokenSource Ending { get; } = new();
}
