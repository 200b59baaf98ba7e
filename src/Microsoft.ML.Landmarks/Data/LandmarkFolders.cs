using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Reads photographs that lie in a folder for each landmark, at any depth.</summary>
internal sealed class LandmarkFolders
{
    private readonly PhotographFolder _root;
    private readonly string _realRoot;
    private readonly string? _nonLandmark;
    private readonly FolderReport _report;
    private readonly HashSet<string> _reachedByLinks = new(StringComparer.Ordinal);

    private LandmarkFolders(string folder, string? nonLandmarkFolder, FolderReport report)
    {
        _root = new PhotographFolder(folder, "", null);
        _realRoot = PhotographFolder.RealPathOf(folder);
        // A shell completes it with a slash.
        _nonLandmark = nonLandmarkFolder is null ? null : NormalForm.Of(Path.TrimEndingDirectorySeparator(nonLandmarkFolder));
        _report = report;
    }

    /// <summary>Checks that the folders are there, and warns of what is left out of them.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder, or that of non-landmarks in it, is missing, or there is no folder in
    /// it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static void Check(IHostEnvironment env, string folder, string? nonLandmarkFolder)
    {
        if (!Directory.Exists(folder))
            throw Errors.FolderMissing(folder);
        var report = new FolderReport(folder);
        var folders = new LandmarkFolders(folder, nonLandmarkFolder, new FolderReport(folder));
        string[] names = [.. folders.Landmarks().Select(landmark => landmark.Id)];
        if (names.Length == 0)
            throw Errors.NoLandmarkFolders(folder);
        if (folders._nonLandmark is { } nonLandmark && !names.Any(name => NormalForm.Of(name) == nonLandmark))
            throw Errors.NonLandmarkFolderMissing(folder, nonLandmarkFolder!, names);
        foreach (LandmarkRow _ in new LandmarkFolders(folder, nonLandmarkFolder, report).Read())
        {
        }

        report.Write(env);
    }

    /// <summary>
    /// The photographs, folder by folder: at each depth by name in ordinal order. The folders are read anew by each that enumerates them,
    /// and the names in those on the way to a photograph are held.
    /// </summary>
    public static IEnumerable<LandmarkRow> Read(string folder, string? nonLandmarkFolder)
    {
        foreach (LandmarkRow row in new LandmarkFolders(folder, nonLandmarkFolder, new FolderReport(folder)).Read())
            yield return row;
    }

    private IEnumerable<LandmarkRow> Read()
    {
        foreach (PhotographFolder folder in Landmarks())
        {
            string name = NormalForm.Of(folder.Id);
            var label = new LandmarkLabel(0, name == _nonLandmark ? LandmarkLabel.NonLandmarkText : name);
            bool isEmpty = true;
            foreach ((string id, string path) in PhotographsIn(folder))
            {
                isEmpty = false;
                yield return new LandmarkRow(id, label, path);
            }

            _report.AddLandmark(folder.Id, name, name == _nonLandmark, isEmpty);
        }
    }

    private IEnumerable<PhotographFolder> Landmarks()
    {
        foreach (FolderEntry entry in Usable(_root, _root.List()))
        {
            if (!entry.IsFolder)
                _report.Add(FolderNames.IsPhotograph(entry.Name) ? LeftOut.BesideFolders : LeftOut.NoPhotograph, entry.Name);
            else if (string.IsNullOrWhiteSpace(entry.Name))
                _report.Add(LeftOut.NameBlank, entry.Name);
            else if (Enter(_root, entry) is { } landmark)
                yield return landmark;
        }
    }

    private IEnumerable<(string Id, string Path)> PhotographsIn(PhotographFolder folder)
    {
        foreach (FolderEntry entry in Usable(folder, TryList(folder)))
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
            _report.Add(LeftOut.Unreadable, folder.Id);
            return [];
        }
    }

    private IEnumerable<FolderEntry> Usable(PhotographFolder folder, IEnumerable<FolderEntry> entries)
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

    // Links can lead to one folder by several ways, and by ways without an end. The way that has no link in it counts, else the first.
    private PhotographFolder? Enter(PhotographFolder outer, FolderEntry entry)
    {
        PhotographFolder inner = outer.Enter(entry);
        if (inner.RealPath is not { } real || !(IsReachedWithoutLinks(real) || IsIn(real, _realRoot) || !_reachedByLinks.Add(real)))
            return inner;
        _report.Add(LeftOut.ReachedTwice, inner.Id);
        return null;
    }

    private bool IsReachedWithoutLinks(string real)
        => IsIn(_realRoot, real) && !Path.GetRelativePath(_realRoot, real).Split(Path.DirectorySeparatorChar)
            .Any(name => FolderNames.IsHidden(name) || FolderNames.IsFolderOfSystem(name));

    private static bool IsIn(string folder, string path)
        => path == folder
            || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);
}
