namespace Landmarks.Demo.Data;

/// <summary>Finds what a name may have been meant for.</summary>
internal static class NearNames
{
    private const int MostEdits = 3;

    /// <summary>Those that take the fewest letters to be changed, and not too many of them.</summary>
    /// <param name="name">The name that is none.</param>
    /// <param name="names">Those that there are.</param>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names)
    {
        // An edit changes much of a short name.
        int most = Math.Min(MostEdits, name.TrimStart('-').Length / 2);
        return [.. names.Where(other => Math.Abs(other.Length - name.Length) <= most)
            .Select(other => (Name: other, Edits: Edits(name, other))).Where(near => near.Edits <= most)
            .GroupBy(near => near.Edits).MinBy(group => group.Key)?.Select(near => near.Name) ?? []];
    }

    /// <summary>How many letters are inserted, deleted or replaced, at the least, to make one word of another (Levenshtein).</summary>
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
