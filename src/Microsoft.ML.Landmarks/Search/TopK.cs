using System.Runtime.CompilerServices;

namespace Microsoft.ML.Landmarks.Search;

/// <summary>
/// The best rows seen so far: a heap with the worst of them first, so that a row costs the logarithm of their number at most. The order of
/// rows is total, so that the result depends neither on the order in which they come nor on the heap.
/// </summary>
internal static class TopK
{
    /// <summary>What a row must score at least to be among the best.</summary>
    /// <param name="best">[k], filled with <see cref="Neighbor.None"/> at first.</param>
    public static double Worst(ReadOnlySpan<Neighbor> best) => best[0].Score;

    /// <summary>Inserts a row where it belongs among the best.</summary>
    /// <param name="best">[k], filled with <see cref="Neighbor.None"/> at first.</param>
    /// <param name="neighbor">A row that is not among them.</param>
    public static void Insert(Span<Neighbor> best, Neighbor neighbor)
    {
        if (!IsWorse(best[0], neighbor))
            return;
        int place = 0;
        for (int child = 1; child < best.Length; child = 2 * place + 1)
        {
            if (child + 1 < best.Length && IsWorse(best[child + 1], best[child]))
                child++;
            if (!IsWorse(best[child], neighbor))
                break;
            best[place] = best[child];
            place = child;
        }

        best[place] = neighbor;
    }

    /// <summary>Whether a row is among the best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Contains(ReadOnlySpan<Neighbor> best, int row)
    {
        foreach (Neighbor neighbor in best)
        {
            if (neighbor.Row == row)
                return true;
        }

        return false;
    }

    /// <summary>Puts rows in order, best first; <see cref="Neighbor.None"/> stands last. They are no heap afterwards.</summary>
    public static void Sort(Span<Neighbor> rows) => rows.Sort();

    private static bool IsWorse(in Neighbor a, in Neighbor b) => a.CompareTo(b) > 0;
}
