using System.Collections.Concurrent;

namespace Landmarks.Demo.Output;

/// <summary>Shows on a board how far work of several parts is: each part is a stage.</summary>
/// <param name="board">The board.</param>
/// <param name="read">The part, in words, how much of it is done, and how much there is; null for one that is not shown.</param>
internal sealed class StageBoard<T>(IProgressBoard board, Func<T, (string Work, long Done, long Total)?> read) : IProgress<T>
{
    private readonly ConcurrentDictionary<string, Lazy<IProgress<long>>> _stages = new();

    public void Report(T value)
    {
        if (read(value) is var (work, done, total))
            _stages.GetOrAdd(work, work => new(() => board.Add(work, total))).Value.Report(done);
    }
}
