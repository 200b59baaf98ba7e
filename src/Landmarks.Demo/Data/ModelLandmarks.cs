using Microsoft.ML;
using Microsoft.ML.Landmarks.Data;

namespace Landmarks.Demo.Data;

/// <summary>The landmarks of a model.</summary>
internal static class ModelLandmarks
{
    /// <summary>The labels of landmarks that are asked for by labels or names, each once.</summary>
    /// <param name="model">The model's file, or an index.</param>
    /// <param name="known">Its landmarks.</param>
    /// <param name="asked">Labels, or names.</param>
    /// <param name="list">The command that lists its landmarks.</param>
    /// <exception cref="JobFailedException">One is neither, or the name of several.</exception>
    public static string[] Find(string model, IReadOnlyList<LandmarkInfo> known, IReadOnlyList<string> asked,
        string list = Errors.ListOfModel)
    {
        if (asked.Count == 0)
            return [];
        HashSet<string> labels = [.. known.Select(landmark => landmark.Label)];
        ILookup<string, string> byName = known.Where(landmark => landmark.Name is not null)
            .ToLookup(landmark => landmark.Name!, landmark => landmark.Label);
        (string Asked, string[] Labels)[] found = [.. asked.Distinct().Select(name => (name, FindOne(name)))];
        string[] unknown = [.. found.Where(one => one.Labels.Length == 0).Select(one => one.Asked)];
        if (unknown.Length > 0)
        {
            throw Errors.UnknownLandmarks(model, unknown.Length, unknown[0],
                NearNames.Of(unknown[0], labels.Concat(byName.Select(name => name.Key))), list);
        }

        foreach ((string name, string[] several) in found)
        {
            if (several.Length > 1)
                throw Errors.NameOfSeveral(model, name, several);
        }

        return [.. found.Select(one => one.Labels[0]).Distinct()];

        // A label before a name; a shell may write the letters of a folder's name in another form.
        string[] FindOne(string name)
        {
            string normal = NormalForm.Of(name);
            return labels.Contains(name) ? [name] : labels.Contains(normal) ? [normal] : [.. byName[name]];
        }
    }
}
