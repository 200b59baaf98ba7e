using System.IO.Enumeration;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>A folder on the way to photographs.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Id">The names on the way from the folder that holds all landmarks, by slashes; empty for that folder.</param>
/// <param name="RealPath">Where it really is; null where no link lies on the way to it.</param>
internal sealed record PhotographFolder(string Path, string Id, string? RealPath)
{
    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    public string IdOf(string name) => Id.Length == 0 ? name : $"{Id}/{name}";

    public string PathOf(string name) => System.IO.Path.Join(Path, name);

    /// <summary>A folder in this one.</summary>
    public PhotographFolder Enter(FolderEntry entry)
    {
        string path = PathOf(entry.Name);
        string? realPath = entry.IsLink ? RealPathOf(path) : RealPath is null ? null : System.IO.Path.Join(RealPath, entry.Name);
        return new PhotographFolder(path, IdOf(entry.Name), realPath);
    }

    /// <summary>All that lies in it, by name in ordinal order.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public IEnumerable<FolderEntry> List()
        => new FileSystemEnumerable<FolderEntry>(Path, (ref FileSystemEntry entry) => FolderEntry.Of(ref entry), s_everything)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>The path without a link in it.</summary>
    public static string RealPathOf(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (System.IO.Path.GetDirectoryName(full) is not { } outer)
            return full;
        string real = System.IO.Path.Join(RealPathOf(outer), System.IO.Path.GetFileName(full));
        return Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target ? RealPathOf(target.FullName) : real;
    }
}
