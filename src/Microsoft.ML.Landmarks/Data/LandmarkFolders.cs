using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Reads photographs that lie in a folder for each landmark, at any depth.</summary>
internal sealed class LandmarkFolders
{
    private readonly PhotographTree _tree;
    private readonly string? _nonLandmark;
    private readonly FolderReport _report;

    private LandmarkFolders(string folder, string? nonLandmarkFolder, FolderReport report)
    {
        _tree = new PhotographTree(folder, report);
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
        var report = new FolderReport(folder, Errors.TakeByFolder);
        var folders = new LandmarkFolders(folder, nonLandmarkFolder, new FolderReport(folder, Errors.TakeByFolder));
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
        foreach (LandmarkRow row in new LandmarkFolders(folder, nonLandmarkFolder, new FolderReport(folder, Errors.TakeByFolder)).Read())
            yield return row;
    }

    private IEnumerable<LandmarkRow> Read()
    {
        foreach (PhotographFolder folder in Landmarks())
        {
            string name = NormalForm.Of(folder.Id);
            var label = new LandmarkLabel(0, name == _nonLandmark ? LandmarkLabel.NonLandmarkText : name);
            bool isEmpty = true;
            foreach ((string id, string path) in _tree.PhotographsIn(folder))
            {
                isEmpty = false;
                yield return new LandmarkRow(id, label, path);
            }

            _report.AddLandmark(folder.Id, name, name == _nonLandmark, isEmpty);
        }
    }

    private IEnumerable<PhotographFolder> Landmarks()
    {
        foreach (FolderEntry entry in _tree.Usable(_tree.Root, _tree.Root.List()))
        {
            if (!entry.IsFolder)
                _report.Add(FolderNames.IsPhotograph(entry.Name) ? LeftOut.BesideFolders : LeftOut.NoPhotograph, entry.Name);
            else if (string.IsNullOrWhiteSpace(entry.Name))
                _report.Add(LeftOut.NameBlank, entry.Name);
            else if (_tree.Enter(_tree.Root, entry) is { } landmark)
                yield return landmark;
        }
    }
}
