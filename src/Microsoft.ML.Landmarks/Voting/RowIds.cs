using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Finds fitted rows by their ids. An empty id is that of a row which has none: it names no row.</summary>
internal static class RowIds
{
    /// <summary>Reads the ids of rows, and nothing else of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static List<string> Read(IDataView rows, string columnName)
    {
        DataViewSchema.Column column = rows.Schema.GetColumn("id", columnName);
        using DataViewRowCursor cursor = rows.GetRowCursor([column]);
        Func<string> read = ColumnText.CreateTextReader(cursor, "id", column);
        List<string> ids = [];
        while (cursor.MoveNext())
            ids.Add(read());
        return ids;
    }

    /// <summary>Checks the ids of rows that are to be added.</summary>
    /// <param name="added">Theirs.</param>
    /// <param name="fitted">Those of the rows that there are.</param>
    /// <param name="replace">Whether rows that there are may be replaced.</param>
    /// <returns>The ids that both have.</returns>
    /// <exception cref="ArgumentException">Two of the added rows have one id, or one of them has that of a row which may not be
    /// replaced.</exception>
    public static HashSet<string> CheckAdded(IReadOnlyCollection<string> added, IEnumerable<string> fitted, bool replace)
    {
        HashSet<string> own = [];
        HashSet<string> twice = [.. added.Where(id => id.Length > 0 && !own.Add(id))];
        if (twice.Count > 0)
            throw Errors.IdsTwice(twice.First(), twice.Count);
        HashSet<string> taken = [.. fitted.Where(own.Contains)];
        return taken.Count == 0 || replace ? taken : throw Errors.IdsTaken(added.First(taken.Contains), taken.Count);
    }

    /// <summary>Checks the ids of rows that are to be removed.</summary>
    /// <param name="ids">Theirs.</param>
    /// <param name="fitted">Those of the rows that there are.</param>
    /// <returns>The same, each once.</returns>
    /// <exception cref="ArgumentException">No row has one of them.</exception>
    public static HashSet<string> CheckRemoved(IEnumerable<string> ids, IEnumerable<string> fitted)
    {
        HashSet<string> removed = [.. ids], known = [.. fitted.Where(id => id.Length > 0 && removed.Contains(id))];
        string[] unknown = [.. removed.Where(id => !known.Contains(id))];
        return unknown.Length == 0 ? removed : throw Errors.UnknownIds(unknown[0], unknown.Length);
    }

    /// <summary>The numbers of the rows that have one of some ids, rising.</summary>
    public static int[] Find(string[] fitted, HashSet<string> ids)
        => ids.Count == 0 ? [] : [.. Enumerable.Range(0, fitted.Length).Where(row => ids.Contains(fitted[row]))];
}
