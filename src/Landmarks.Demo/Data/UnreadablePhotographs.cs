using System.Collections.Concurrent;
using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The photographs that a model could not read, told while it reads.</summary>
internal sealed class UnreadablePhotographs : IProgress<SkippedImage>
{
    private readonly ConcurrentDictionary<long, SkippedImage> _rows = new();

    /// <summary>By row.</summary>
    public IReadOnlyList<SkippedImage> All => [.. _rows.Values.OrderBy(image => image.Row)];

    public bool Contains(long row) => _rows.ContainsKey(row);

    // A model of several networks may read a photograph for each.
    void IProgress<SkippedImage>.Report(SkippedImage value) => _rows.TryAdd(value.Row, value);
}
