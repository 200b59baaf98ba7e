using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>Columns that were read once, and are kept in memory.</summary>
internal static class KeptView
{
    /// <summary>Reads a view once.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="view">The view; what computes it is not needed afterwards.</param>
    /// <param name="columns">The columns that are kept; those that it has not are left out.</param>
    public static IDataView Keep(MLContext ml, IDataView view, params IEnumerable<string> columns)
    {
        string[] names = [.. columns.Where(name => view.Schema.GetColumnOrNull(name) is not null)];
        IDataView kept = ml.Data.Cache(view, names);
        using DataViewRowCursor cursor = kept.GetRowCursor(names.Select(name => kept.Schema[name]));
        while (cursor.MoveNext())
        {
        }

        return kept;
    }
}
