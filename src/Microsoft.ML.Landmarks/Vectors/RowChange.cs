namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>How some rows came of others: which of those are there still, in their order, and where new ones stand.</summary>
internal sealed class RowChange
{
    /// <summary>The source of a row that is new.</summary>
    public const int New = -1;

    /// <summary>The number of a row that is gone.</summary>
    public const int Gone = -1;

    /// <param name="countBefore">How many rows there were.</param>
    /// <param name="sources">[n], the number that each row had before; <see cref="New"/> for a new one. Those of old rows rise.</param>
    public RowChange(int countBefore, int[] sources)
    {
        CountBefore = countBefore;
        Sources = sources;
        int kept = 0;
        while (kept < sources.Length && sources[kept] == kept)
            kept++;
        OnlyAdds = kept == countBefore && !sources.AsSpan(kept).ContainsAnyExcept(New);
        AddedCount = sources.AsSpan().Count(New);
    }

    /// <summary>How many rows there were.</summary>
    public int CountBefore { get; }

    /// <summary>How many rows are new.</summary>
    public int AddedCount { get; }

    /// <summary>How many are gone.</summary>
    public int RemovedCount => CountBefore - (Sources.Length - AddedCount);

    /// <summary>[n], the number that each row had before, or <see cref="New"/>.</summary>
    public int[] Sources { get; }

    /// <summary>Whether all rows are where they were, and new ones follow.</summary>
    public bool OnlyAdds { get; }

    /// <summary>Rows that stay, in their order, and then new ones.</summary>
    /// <param name="countBefore">How many rows there were.</param>
    /// <param name="isRemoved">Whether a row goes.</param>
    /// <param name="added">How many follow.</param>
    public static RowChange Of(int countBefore, Predicate<int> isRemoved, int added)
        => new(countBefore, [.. Enumerable.Range(0, countBefore).Where(row => !isRemoved(row)), .. Enumerable.Repeat(New, added)]);

    /// <summary>[<see cref="CountBefore"/>], the number that each row has now; <see cref="Gone"/> where it has none.</summary>
    public int[] NumbersNow()
    {
        var numbers = new int[CountBefore];
        Array.Fill(numbers, Gone);
        for (int row = 0; row < Sources.Length; row++)
        {
            if (Sources[row] != New)
                numbers[Sources[row]] = row;
        }

        return numbers;
    }

    /// <summary>The numbers of the new rows, rising.</summary>
    public int[] NumbersOfAdded()
    {
        var numbers = new int[AddedCount];
        for (int row = 0, next = 0; next < numbers.Length; row++)
        {
            if (Sources[row] == New)
                numbers[next++] = row;
        }

        return numbers;
    }

    /// <summary>This change and an earlier one as one.</summary>
    /// <param name="earlier">What these rows came of.</param>
    public RowChange After(RowChange earlier)
        => new(earlier.CountBefore, Array.ConvertAll(Sources, source => source == New ? New : earlier.Sources[source]));

    /// <summary>How many of the first rows are there still.</summary>
    /// <param name="first">How many those are.</param>
    public int CountKept(int first) => Sources.Count(source => source != New && source < first);

    /// <summary>Values of the rows as they are now.</summary>
    /// <param name="values">[<see cref="CountBefore"/>], of the rows before.</param>
    /// <param name="added">Those of the new ones, in their order.</param>
    public T[] Apply<T>(ReadOnlySpan<T> values, ReadOnlySpan<T> added)
    {
        var now = new T[Sources.Length];
        int next = 0;
        for (int row = 0; row < now.Length; row++)
            now[row] = Sources[row] == New ? added[next++] : values[Sources[row]];
        return now;
    }
}
