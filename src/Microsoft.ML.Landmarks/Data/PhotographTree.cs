using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Reads the photographs that lie in a folder and in those that it holds, at any depth.</summary>
internal sealed class PhotographTree
{
    private readonly string _realRoot;
    private readonly FolderReport _report;
    private readonly HashSet<string> _reachedByLinks = new(StringComparer.Ordinal);

    /// <param name="folder">The folder.</param>
    /// <param name="report">Told of what is left out.</param>
    public PhotographTree(string folder, FolderReport report)
    {
        Root = new PhotographFolder(folder, "", null);
        _realRoot = PhotographFolder.RealPathOf(folder);
        _report = report;
    }

    public PhotographFolder Root { get; }

    /// <summary>Checks that the folder is there, and warns of what is left out of it.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static void Check(IHostEnvironment env, string folder)
    {
        if (!Directory.Exists(folder))
            throw Errors.FolderMissing(folder);
        var report = new FolderReport(folder, Errors.TakeByName);
        foreach ((string, string) _ in new PhotographTree(folder, report).Photographs())
        {
        }

        report.Write(env);
    }

    /// <summary>
    /// The photographs, labelled as non-landmarks: at each depth by name in ordinal order. The folders are read anew by each that
    /// enumerates them.
    /// </summary>
    public static IEnumerable<LandmarkRow> Read(string folder)
    {
        var label = new LandmarkLabel(0, LandmarkLabel.NonLandmarkText);
        foreach ((string id, string path) in new PhotographTree(folder, new FolderReport(folder, Errors.TakeByName)).Photographs())
            yield return new LandmarkRow(id, label, path);
    }

    /// <summary>The photographs in a folder of the tree.</summary>
    public IEnumerable<(string Id, string Path)> PhotographsIn(PhotographFolder folder) => PhotographsIn(folder, TryList(folder));

    /// <summary>What of the entries of a folder is looked at.</summary>
    public IEnumerable<FolderEntry> Usable(PhotographFolder folder, IEnumerable<FolderEntry> entries)
    {
        foreach (FolderEntry entry in entries)
        {
            if (!entry.IsFolder && FolderNames.IsFileOfSystem(entry.Name))
                continue;
            LeftOut? reason = FolderNames.IsHidden(entry.Name) ? LeftOut.Hidden
                : entry.IsFolder && FolderNames.IsFolderOfSystem(entry.Name) ? LeftOut.OfSystem
                : FolderNames.IsNotUtf8(folder.PathOf(entry.Name)) ? LeftOut.NameNotUtf8
                : null;
            if (reason is null)
                yield return entry;
            else
                _report.Add(reason.Value, folder.IdOf(entry.Name));
        }
    }

    /// <summary>A folder in another; null where it is reached by another way too, which counts.</summary>
    /// <remarks>Links can lead to one folder by several ways, and by ways without an end. The way that has no link in it counts, else the
    /// first.</remarks>
    public PhotographFolder? Enter(PhotographFolder outer, FolderEntry entry)
    {
        PhotographFolder inner = outer.Enter(entry);
        if (inner.RealPath is not { } real || !(IsReachedWithoutLinks(real) || IsIn(real, _realRoot) || !_reachedByLinks.Add(real)))
            return inner;
        _report.Add(LeftOut.ReachedTwice, inner.Id);
        return null;
    }

    private IEnumerable<(string Id, string Path)> Photographs() => PhotographsIn(Root, Root.List());

    private IEnumerable<(string Id, string Path)> PhotographsIn(PhotographFolder folder, IEnumerable<FolderEntry> entries)
    {
        foreach (FolderEntry entry in Usable(folder, entries))
        {
            if (entry.IsFolder)
            {
                foreach ((string, string) photograph in Enter(folder, entry) is { } inner ? PhotographsIn(inner) : [])
                    yield return photograph;
            }
            else if (FolderNames.IsPhotograph(entry.Name))
            {
                _report.AddPhotograph(folder.IdOf(entry.Name));
                yield return (folder.IdOf(entry.Name), folder.PathOf(entry.Name));
            }
            else
            {
                _report.Add(LeftOut.NoPhotograph, folder.IdOf(entry.Name));
            }
        }
    }

    private FolderEntry[] TryList(PhotographFolder folder)
    {
        try
        {
            return [.. folder.List()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _report.AddUnreadable(folder.Id);
            return [];
        }
    }

    private bool IsReachedWithoutLinks(string real)
        => IsIn(_realRoot, real) && !Path.GetRelativePath(_realRoot, real).Split(Path.DirectorySeparatorChar)
            .Any(name => FolderNames.IsHidden(name) || FolderNames.IsFolderOfSystem(name));

    private static bool IsIn(string folder, string path)
        => path == folder
            || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);
}
