namespace Landmarks.Demo.Caching;

/// <summary>Photographs that follow one another: as many as their files' bytes allow to hold at once.</summary>
internal sealed class PhotographGroup : IDisposable
{
    private const int MostPhotographs = 1024;

    // A few large photographs for each core, where there is memory for them.
    private static readonly long s_mostBytes
        = Math.Min((16L << 20) * Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 32);

    private PhotographGroup(IReadOnlyList<HashedPhotograph> photographs) => Photographs = photographs;

    public IReadOnlyList<HashedPhotograph> Photographs { get; }

    /// <summary>Reads photographs on all cores, group by group.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IEnumerable<PhotographGroup> ReadAll(IEnumerable<(long Row, string Path)> paths, CancellationToken cancellation)
    {
        List<HashedPhotograph> photographs = [];
        long bytes = 0;
        foreach ((long row, string path) in paths)
        {
            var photograph = new HashedPhotograph(row, path);
            if (photographs.Count == MostPhotographs || (photographs.Count > 0 && bytes + photograph.ExpectedLength > s_mostBytes))
            {
                yield return Read(photographs, cancellation);
                (photographs, bytes) = ([], 0);
            }

            photographs.Add(photograph);
            bytes += photograph.ExpectedLength;
        }

        if (photographs.Count > 0)
            yield return Read(photographs, cancellation);
    }

    public void Dispose()
    {
        foreach (HashedPhotograph photograph in Photographs)
            photograph.Dispose();
    }

    private static PhotographGroup Read(IReadOnlyList<HashedPhotograph> photographs, CancellationToken cancellation)
    {
        var group = new PhotographGroup(photographs);
        Parallel.ForEach(photographs, new ParallelOptions { CancellationToken = cancellation }, photograph => photograph.Read());
        return group;
    }
}
