using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>The non-landmarks that are nearest to each landmark row, kept in memory.</summary>
/// <param name="count">How many of each row.</param>
/// <param name="neighbors">[n, count], best first.</param>
internal sealed class NearestNonLandmarks(int count, NonLandmarkNeighbor[] neighbors)
{
    private const int BytesOfNeighbor = 16;
    private const long AlwaysAffordable = 16 << 20;

    /// <summary>Given a landmark row and the non-landmarks that are nearest to it, best first.</summary>
    public delegate void Visitor(int row, ReadOnlySpan<NonLandmarkNeighbor> nearest);

    /// <summary>How many are kept of each row.</summary>
    public int Count => count;

    /// <summary>Whether they take no more memory than the rows do, or little.</summary>
    public static bool IsAffordable(UnitRows landmarks, int count)
    {
        long kept = (long)landmarks.Count * count, bytesOfRows = (long)landmarks.Count * landmarks.Dimension * sizeof(float);
        return kept <= Array.MaxLength && kept * BytesOfNeighbor <= Math.Max(bytesOfRows, AlwaysAffordable);
    }

    /// <summary>Visits the landmark rows in order.</summary>
    /// <param name="most">How many non-landmarks of each, at most <see cref="Count"/>.</param>
    /// <param name="visit">Given each row and its own.</param>
    public void Visit(int most, Visitor visit)
    {
        for (int row = 0; row < neighbors.Length / count; row++)
            visit(row, neighbors.AsSpan(row * count, most));
    }

    /// <summary>Searches the non-landmarks for all landmark rows, and visits these in order.</summary>
    /// <param name="engine">Of the non-landmarks.</param>
    /// <param name="landmarks">[n, d].</param>
    /// <param name="count">How many of each row, at least 1, no more than there are.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="visit">Given each row and its own.</param>
    /// <param name="progress">Told how many rows were visited.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static void Search(INeighborEngine engine, UnitRows landmarks, int count, ParallelOptions parallelism, Visitor visit,
        IProgress<long>? progress = null)
    {
        var own = new NonLandmarkNeighbor[count];
        int done = 0;
        foreach (ReadOnlyMemory<float> block in landmarks.Blocks)
        {
            int rows = block.Length / landmarks.Dimension, most = NeighborEngines.QueriesAtOnce(count, rows);
            var nearest = new Neighbor[most * count];
            for (int first = 0; first < rows; first += most)
            {
                int searched = Math.Min(most, rows - first);
                ReadOnlyMemory<float> part = block.Slice(first * landmarks.Dimension, searched * landmarks.Dimension);
                engine.Search(part, count, nearest.AsMemory(0, searched * count), parallelism);
                for (int row = 0; row < searched; row++)
                {
                    parallelism.CancellationToken.ThrowIfCancellationRequested();
                    NonLandmarkNeighbor.Of(nearest.AsSpan(row * count, count), own);
                    visit(done + row, own);
                }

                done += searched;
                progress?.Report(done);
            }
        }
    }
}
