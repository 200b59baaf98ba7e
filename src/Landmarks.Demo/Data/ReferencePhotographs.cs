namespace Landmarks.Demo.Data;

/// <summary>The photographs that a model was fitted to, as far as they are at hand: a model knows their ids alone.</summary>
/// <param name="folders">Where they are looked for.</param>
internal sealed class ReferencePhotographs(IReadOnlyList<string> folders)
{
    private const int ShortestId = 3;

    private readonly string[] _folders = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];

    /// <summary>The file of a photograph, by the names on the way to it or as the challenge's files lie; null where there is
    /// none.</summary>
    public string? Find(string id) => _folders.SelectMany(folder => PlacesOf(folder, id)).FirstOrDefault(File.Exists);

    // An id may say anything, and nothing outside of the folders is shown.
    private static IEnumerable<string> PlacesOf(string folder, string id)
    {
        if (id.Length == 0 || id.Contains('\0', StringComparison.Ordinal))
            return [];
        string[] below = [id, .. id.Length >= ShortestId ? [Path.Join(id[..1], id[1..2], id[2..3], id + ".jpg")] : Array.Empty<string>()];
        return below.Select(name => Path.GetFullPath(Path.Join(folder, name)))
            .Where(path => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }
}
