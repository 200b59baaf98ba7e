namespace Microsoft.ML.Landmarks;

/// <summary>The best rows seen so far.</summary>
internal static class TopK
{
    /// <summary>
    /// Inserts a row into <paramref name="best"/>, [k], best first and of equal scores the lower row first, where it belongs there.
    /// </summary>
    public static void Insert(Span<Neighbor> best, Neighbor neighbor)
    {
        int place = best.Length;
        while (place > 0 && (best[place - 1].Score < neighbor.Score || (best[place - 1].Score == neighbor.Score && best[place - 1].Row > neighbor.Row)))
            place--;
        if (place == best.Length)
            return;
        best[place..^1].CopyTo(best[(place + 1)..]);
        best[place] = neighbor;
    }
}
