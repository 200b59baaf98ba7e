using System.Collections.Concurrent;
using Microsoft.ML;

namespace Landmarks.Demo.Output;

/// <summary>Shows on a board how far a fit is: each of its works is a stage.</summary>
internal sealed class FitBoard(IProgressBoard board) : IProgress<LandmarkFitProgress>
{
    private readonly ConcurrentDictionary<string, Lazy<IProgress<long>>> _stages = new();

    public void Report(LandmarkFitProgress value)
        => _stages.GetOrAdd(value.Work, work => new(() => board.Add(work, value.Total))).Value.Report(value.Done);
}
