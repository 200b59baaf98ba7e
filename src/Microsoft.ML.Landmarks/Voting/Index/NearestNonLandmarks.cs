using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>The non-landmarks that are nearest to each landmark row, kept in memory.</summary>
/// <param name="count">How many of each row.</param>
/// <param name="rows">[n, count], their numbers, best first.</param>
/// <param name="cosines">[n, count], their cosines.</param>
internal sealed class NearestNonLandmarks(int count, int[] rows, double[] cosines)
{
    private const int BytesOfNeighbor = sizeof(int) + sizeof(double);
    private const long AlwaysAffordable = 16 << 20;

    /// <summary>Given a landmark row and the non-landmarks that are nearest to it, best first.</summary>
    public delegate void Visitor(int row, ReadOnlySpan<NonLandmarkNeighbor> nearest);

    /// <summary>How many are kept of each row.</summary>
    public int Count => count;

    /// <summary>[n, count], the numbers of the non-landmarks, best first.</summary>
    public int[] Rows => rows;

    /// <summary>[n, count], their cosines.</summary>
    public double[] Cosines => cosines;

    /// <summary>How many are worth keeping: one more than make a penalty, which takes the place of another that is left out or
    /// goes.</summary>
    /// <param name="penaltyNeighbors">How many make a penalty, where there are so many.</param>
    /// <param name="nonLandmarks">How many non-landmarks there are.</param>
    public static int CountOf(int penaltyNeighbors, int nonLandmarks) => (int)Math.Min(penaltyNeighbors + 1L, nonLandmarks);

    /// <summary>Room for those of all landmark rows; null where they would take more memory than the rows do, and more than a
    /// little.</summary>
    /// <param name="landmarks">[n, d].</param>
    /// <param name="count">How many of each row.</param>
    public static NearestNonLandmarks? Allocate(UnitRows landmarks, int count)
        => IsAffordable(landmarks, count) ? new NearestNonLandmarks(count, new int[landmarks.Count * count],
            new double[landmarks.Count * count]) : null;

    /// <summary>Whether they take no more memory than the rows do, or little.</summary>
    public static bool IsAffordable(UnitRows landmarks, int count)
    {
        long kept = (long)landmarks.Count * count, bytesOfRows = (long)landmarks.Count * landmarks.Dimension * sizeof(float);
        return kept <= Array.MaxLength && kept * BytesOfNeighbor <= Math.Max(bytesOfRows, AlwaysAffordable);
    }

    /// <summary>The first landmark row whose own are not best first, of equal ones the lower number first; null where all are.</summary>
    public int? FindOutOfOrder()
    {
        for (int place = 0; place + 1 < rows.Length; place++)
        {
            if ((place + 1) % count > 0 && At(place).CompareTo(At(place + 1)) >= 0)
                return place / count;
        }

        return null;
    }

    /// <summary>Keeps those of a row.</summary>
    /// <param name="row">The landmark row.</param>
    /// <param name="nearest">[count], best first.</param>
    public void Set(int row, ReadOnlySpan<NonLandmarkNeighbor> nearest)
    {
        for (int i = 0; i < count; i++)
        {
            rows[row * count + i] = (int)nearest[i].Row;
            cosines[row * count + i] = nearest[i].Cosine;
        }
    }

    /// <summary>Keeps those that others keep of a row, as many of them.</summary>
    /// <param name="row">The landmark row.</param>
    /// <param name="others">Those of other rows.</param>
    /// <param name="otherRow">The row there.</param>
    public void Copy(int row, NearestNonLandmarks others, int otherRow)
    {
        others.Rows.AsSpan(otherRow * count, count).CopyTo(rows.AsSpan(row * count));
        others.Cosines.AsSpan(otherRow * count, count).CopyTo(cosines.AsSpan(row * count));
    }

    /// <summary>Whether all non-landmarks that are kept of a row are there after a change.</summary>
    /// <param name="row">The landmark row.</param>
    /// <param name="numbersNow">The numbers that non-landmarks have then.</param>
    public bool KeepsAll(int row, int[] numbersNow)
    {
        foreach (int other in rows.AsSpan(row * count, count))
        {
            if (numbersNow[other] == RowChange.Gone)
                return false;
        }

        return true;
    }

    /// <summary>Those of a row after a change in which none of them has gone.</summary>
    /// <param name="row">The landmark row.</param>
    /// <param name="best">Overwritten in its first places.</param>
    /// <param name="numbersNow">The numbers that non-landmarks have then.</param>
    /// <param name="first">The number that is counted from.</param>
    public void CopyTo(int row, Span<Neighbor> best, int[] numbersNow, int first)
    {
        for (int i = 0; i < count; i++)
            best[i] = new Neighbor(numbersNow[rows[row * count + i]] - first, cosines[row * count + i]);
    }

    /// <summary>Visits the landmark rows in order.</summary>
    /// <param name="most">How many non-landmarks of each, at most <see cref="Count"/>.</param>
    /// <param name="visit">Given each row and its own.</param>
    public void Visit(int most, Visitor visit)
    {
        var own = new NonLandmarkNeighbor[most];
        for (int first = 0, row = 0; first < rows.Length; first += count, row++)
        {
            for (int i = 0; i < most; i++)
                own[i] = new NonLandmarkNeighbor(rows[first + i], cosines[first + i]);
            visit(row, own);
        }
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
        foreach ((int first, int searched, ReadOnlyMemory<Neighbor> nearest)
            in NeighborEngines.SearchAll(engine, landmarks, count, parallelism))
        {
            for (int row = 0; row < searched; row++)
            {
                parallelism.CancellationToken.ThrowIfCancellationRequested();
                NonLandmarkNeighbor.Of(nearest.Span.Slice(row * count, count), own);
                visit(first + row, own);
            }

            progress?.Report(first + searched);
        }
    }

    private Neighbor At(int place) => new(rows[place], cosines[place]);
}
