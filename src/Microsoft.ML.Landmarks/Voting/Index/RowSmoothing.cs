using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Draws each landmark row towards its nearest rows of the same landmark, so that what one photograph alone shows counts for
/// less.</summary>
internal static class RowSmoothing
{
    private const int NeighborCount = 3;
    private const int None = -1;

    // A landmark of so many rows keeps all threads busy; the others are shared out among them.
    private const int RowsForAllThreads = 2048;

    private const int RowsAtOnce = 4096, MostValuesInBlock = 1 << 22;

    /// <summary>
    /// Each row plus <paramref name="weight"/> times the mean of its 3 nearest rows of the same landmark, fewer where there are fewer: by
    /// cosine, of equal ones the lower row first. The mean is that of the rows before; sums are in double precision, the nearest row first.
    /// The result is scaled to unit length and rounded to Single. A row that has no other stays as it is, and one whose sum is zeros, which
    /// have no direction.
    /// </summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="landmarkOfRow">[n].</param>
    /// <param name="weight">Above 0.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static UnitRows Smooth(UnitRows rows, ReadOnlySpan<int> landmarkOfRow, double weight, ParallelOptions parallelism)
    {
        int d = rows.Dimension;
        int[] nearest = FindNearest(rows, landmarkOfRow, parallelism);
        var smoothed = new UnitRows(d);
        var block = new float[Math.Min(RowsAtOnce, rows.Count) * d];
        for (int first = 0; first < rows.Count; first += RowsAtOnce)
        {
            int start = first, count = Math.Min(RowsAtOnce, rows.Count - first);
            ParallelLoop.For(count, parallelism, i => Draw(rows, start + i,
                nearest.AsSpan((start + i) * NeighborCount, NeighborCount), weight, block.AsSpan(i * d, d)));
            for (int i = 0; i < count; i++)
                smoothed.Add(block.AsSpan(i * d, d));
        }

        return smoothed;
    }

    /// <summary>The nearest rows of the same landmark, best first: [n, 3], <see cref="None"/> where there are fewer.</summary>
    private static int[] FindNearest(UnitRows rows, ReadOnlySpan<int> landmarkOfRow, ParallelOptions parallelism)
    {
        var nearest = new int[checked(rows.Count * NeighborCount)];
        Array.Fill(nearest, None);
        Dictionary<int, List<int>> rowsOfLandmark = [];
        for (int row = 0; row < landmarkOfRow.Length; row++)
        {
            if (!rowsOfLandmark.TryGetValue(landmarkOfRow[row], out List<int>? own))
                rowsOfLandmark.Add(landmarkOfRow[row], own = []);
            own.Add(row);
        }

        List<int>[] withCompany = [.. rowsOfLandmark.Values.Where(own => own.Count > 1)];
        foreach (List<int> own in withCompany.Where(own => own.Count >= RowsForAllThreads))
            FindNearest(rows, own, nearest, parallelism);
        List<int>[] others = [.. withCompany.Where(own => own.Count < RowsForAllThreads)];
        var alone = new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallelism.CancellationToken };
        ParallelLoop.For(others.Length, parallelism, landmark => FindNearest(rows, others[landmark], nearest, alone));
        return nearest;
    }

    /// <param name="rows">All rows.</param>
    /// <param name="own">Those of one landmark, in order.</param>
    /// <param name="nearest">Whose places of these rows are overwritten.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    private static void FindNearest(UnitRows rows, List<int> own, int[] nearest, ParallelOptions parallelism)
    {
        int d = rows.Dimension;
        var gallery = new UnitRows(d, (int)Math.Min((long)own.Count * d, MostValuesInBlock));
        foreach (int row in own)
            gallery.Add(rows[row]);
        var engine = new FusedNeighborEngine(gallery, penalties: null);
        int done = 0;
        foreach (ReadOnlyMemory<float> block in gallery.Blocks)
        {
            // One more, since a row finds itself, unless so many are as near as itself.
            const int Found = NeighborCount + 1;
            int count = block.Length / d;
            var found = new Neighbor[count * Found];
            engine.Search(block, Found, found, parallelism);
            for (int i = 0; i < count; i++, done++)
            {
                Span<int> places = nearest.AsSpan(own[done] * NeighborCount, NeighborCount);
                int used = 0;
                foreach (Neighbor neighbor in found.AsSpan(i * Found, Found))
                {
                    if (neighbor.Row != done && neighbor.Row != Neighbor.None.Row && used < NeighborCount)
                        places[used++] = own[neighbor.Row];
                }
            }
        }
    }

    private static void Draw(UnitRows rows, int row, ReadOnlySpan<int> nearest, double weight, Span<float> smoothed)
    {
        ReadOnlySpan<float> before = rows[row];
        before.CopyTo(smoothed);
        int count = nearest.IndexOf(None) is var first and >= 0 ? first : nearest.Length;
        if (count == 0)
            return;
        var sums = new double[before.Length];
        foreach (int neighbor in nearest[..count])
        {
            ReadOnlySpan<float> values = rows[neighbor];
            for (int i = 0; i < sums.Length; i++)
                sums[i] += values[i];
        }

        double squares = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = before[i] + weight * (sums[i] / count);
            squares += sums[i] * sums[i];
        }

        if (squares == 0)
            return;
        double length = Math.Sqrt(squares);
        for (int i = 0; i < sums.Length; i++)
            smoothed[i] = (float)(sums[i] / length);
    }
}
