using System.Collections.Concurrent;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>The photographs of one question that could not be read.</summary>
internal sealed class SkippedPhotographs : IProgress<SkippedImage>
{
    private readonly ConcurrentDictionary<long, string> _reasons = new();

    /// <summary>Why the photograph of a row could not be read; null where it could.</summary>
    public string? ReasonOf(long row) => _reasons.GetValueOrDefault(row);

    // A model of several networks may read a photograph for each.
    void IProgress<SkippedImage>.Report(SkippedImage value) => _reasons.TryAdd(value.Row, value.Reason);
}
