using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The ids of a model's photographs.</summary>
internal static class ModelIds
{
    private const string Id = "Id";

    /// <summary>Checks the ids of photographs before they are read.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="known">The ids of its photographs.</param>
    /// <param name="added">Those that are to be added.</param>
    /// <param name="replaces">Whether they may take the place of those that the model has.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="JobFailedException">An id comes twice, or the model has it and it may not be replaced.</exception>
    public static void Check(string model, IEnumerable<string> known, IDataView added, bool replaces, CancellationToken cancellation)
    {
        HashSet<string> ids = [], twice = [];
        foreach (string id in TextColumn.Read(added, Id, cancellation))
        {
            if (!ids.Add(id))
                twice.Add(id);
        }

        if (twice.Count > 0)
            throw Errors.IdsTwice(twice.Count, twice.First());
        string[] taken = replaces ? [] : [.. known.Where(ids.Contains).Distinct()];
        if (taken.Length > 0)
            throw Errors.IdsTaken(model, taken.Length, ids.Count, taken[0]);
    }

    /// <summary>The photographs of a model that are asked for, each once.</summary>
    /// <param name="model">The model's file, or an index.</param>
    /// <param name="hasIds">Whether its photographs have ids.</param>
    /// <param name="known">These, or those of them that are asked for.</param>
    /// <param name="asked">Those that are asked for.</param>
    /// <exception cref="JobFailedException">One is not there.</exception>
    public static string[] Find(string model, bool hasIds, IReadOnlyList<string> known, IEnumerable<string> asked)
    {
        string[] ids = [.. asked.Distinct()];
        HashSet<string> all = ids.Length == 0 ? [] : [.. known];
        if (ids.Length > 0 && !hasIds)
            throw Errors.ModelWithoutIds(model);
        string[] unknown = [.. ids.Where(id => !all.Contains(id))];
        return unknown.Length == 0 ? ids : throw Errors.UnknownIds(model, unknown.Length, unknown[0], FindNear(unknown[0], known));
    }

    /// <summary>Those of a list that the model has.</summary>
    /// <param name="model">The model's file, or an index.</param>
    /// <param name="hasIds">Whether its photographs have ids.</param>
    /// <param name="known">These, or those of them that are listed.</param>
    /// <param name="listed">The list, at least one.</param>
    /// <param name="tellUnknown">Told of the others.</param>
    /// <exception cref="JobFailedException">It has none of them.</exception>
    public static string[] FindKnown(string model, bool hasIds, IReadOnlyList<string> known, IReadOnlyList<string> listed,
        Action<IReadOnlyList<string>> tellUnknown)
    {
        HashSet<string> all = [.. known];
        string[] found = [.. listed.Where(all.Contains)], unknown = [.. listed.Distinct().Where(id => !all.Contains(id))];
        if (found.Length == 0)
            return Find(model, hasIds, known, listed);
        if (unknown.Length > 0)
            tellUnknown(unknown);
        return found;
    }

    // A path that a shell completes goes on to the left, and has other letters on some systems.
    private static IReadOnlyList<string> FindNear(string id, IReadOnlyList<string> known)
    {
        string path = id.Replace('\\', '/');
        string[] byPath = [.. known.Where(other => other.Length > 0 && (EndsWith(path, other) || EndsWith(other, path)))];
        return byPath.Length > 0 ? byPath : NearNames.Of(id, known);

        static bool EndsWith(string path, string name)
            => path.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                && (path.Length == name.Length || path[path.Length - name.Length - 1] == '/');
    }
}
