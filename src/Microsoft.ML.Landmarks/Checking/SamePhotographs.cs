namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Which rows show one photograph: directly, or by way of others.</summary>
internal sealed class SamePhotographs
{
    // Of each row an earlier one with its photograph; once all are known, the first.
    private readonly int[] _earlier;

    /// <param name="count">Rows.</param>
    /// <param name="pairs">What is known of two.</param>
    public SamePhotographs(int count, IEnumerable<SamePhotograph> pairs)
    {
        _earlier = [.. Enumerable.Range(0, count)];
        Spanning = [.. pairs.OrderByDescending(pair => pair.IsExact).ThenByDescending(pair => pair.Likeness).ThenBy(pair => pair.Row)
            .ThenBy(pair => pair.Other).Where(TryJoin)];
        for (int row = 0; row < count; row++)
            _earlier[row] = _earlier[_earlier[row]];
    }

    /// <summary>Of the pairs, the likest first, as many as suffice to join the rows.</summary>
    public IReadOnlyList<SamePhotograph> Spanning { get; }

    /// <summary>The first row with the photograph of a row.</summary>
    public int FirstOf(int row) => _earlier[row];

    // Kruskal's minimum spanning forest.
    private bool TryJoin(SamePhotograph pair)
    {
        (int first, int second) = (Root(pair.Row), Root(pair.Other));
        _earlier[Math.Max(first, second)] = Math.Min(first, second);
        return first != second;
    }

    private int Root(int row)
    {
        while (_earlier[row] != row)
            row = _earlier[row] = _earlier[_earlier[row]];
        return row;
    }
}
