using Microsoft.ML.Landmarks.Images.Magick;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>What one pass over folders of landmarks left out, and what is odd about the names that it met.</summary>
/// <param name="folder">The folder that holds them.</param>
/// <param name="wayOut">How what is left out by its name or place can be taken.</param>
internal sealed class FolderReport(string folder, string wayOut)
{
    private readonly SortedDictionary<LeftOut, NameSample> _leftOut = [];
    private readonly NameSample _unreadableKinds = new(), _kindsForMagick = new(), _otherForms = new(), _similar = new();
    private readonly NameSample _notInFiles = new();
    private readonly Dictionary<string, string> _folderOfName = [], _nameOfLikeness = [];
    private readonly HashSet<string> _unreadable = [];
    private bool _hasPhotographs, _hasNameOfNonLandmarks;

    /// <summary>Whether the application has the package that reads some kinds.</summary>
    public bool HasMagick { get; init; } = MagickPackage.IsReferenced;

    public void Add(LeftOut reason, string name)
    {
        if (!_leftOut.TryGetValue(reason, out NameSample? names))
            _leftOut.Add(reason, names = new NameSample());
        names.Add(name);
    }

    /// <param name="id">A folder that can't be read.</param>
    public void AddUnreadable(string id)
    {
        _unreadable.Add(id);
        Add(LeftOut.Unreadable, id);
    }

    public void AddPhotograph(string id)
    {
        _hasPhotographs = true;
        if (FolderNames.IsUnreadablePhotograph(id))
            _unreadableKinds.Add(id);
        else if (!HasMagick && FolderNames.IsForMagick(id))
            _kindsForMagick.Add(id);
    }

    /// <param name="folderName">The name of its folder.</param>
    /// <param name="name">The same in Unicode's form C.</param>
    /// <param name="isNonLandmark">Whether it was named as the folder without landmarks.</param>
    /// <param name="isEmpty">Whether it has no photograph.</param>
    public void AddLandmark(string folderName, string name, bool isNonLandmark, bool isEmpty)
    {
        _hasNameOfNonLandmarks |= name == LandmarkLabel.NonLandmarkText && !isNonLandmark;
        if (isEmpty && !_unreadable.Contains(folderName))
            Add(LeftOut.WithoutPhotograph, folderName);
        if (!_folderOfName.TryAdd(name, folderName))
            _otherForms.Add(name);
        bool isInFiles = LandmarkName.TryRead(name, out string read) && (read != LandmarkLabel.NonLandmarkText || name == read);
        if (!isInFiles && !isNonLandmark)
            _notInFiles.Add(name);
        string likeness = LandmarkName.Normalize(name.Trim()).ToUpperInvariant();
        if (!_nameOfLikeness.TryAdd(likeness, name) && _nameOfLikeness[likeness] != name)
            _similar.Add($"{_nameOfLikeness[likeness]}' and '{name}");
    }

    /// <summary>Warns of it all.</summary>
    public void Write(IHostEnvironment env)
    {
        // Where there is no photograph at all, every folder is without one.
        if (!_hasPhotographs)
            _leftOut.Remove(LeftOut.WithoutPhotograph);
        using IChannel channel = env.Start("Loading landmark folders");
        foreach (string warning in Warnings())
            channel.Warning(MessageSensitivity.UserData, warning);
    }

    // What a link leads to once more is taken by the other way.
    private IEnumerable<string> WaysOut()
    {
        if (_leftOut.Keys.Any(reason => reason is not (LeftOut.ReachedTwice or LeftOut.Unreadable or LeftOut.WithoutPhotograph)))
            yield return wayOut;
        if (_leftOut.ContainsKey(LeftOut.Unreadable))
            yield return Errors.LetFoldersBeRead;
        if (_leftOut.ContainsKey(LeftOut.WithoutPhotograph))
            yield return Errors.FillFolders;
    }

    private IEnumerable<string> Warnings()
    {
        if (_leftOut.Count > 0)
            yield return Errors.LeftOutOfFolders(folder, _leftOut.Select(group => Errors.LeftOutGroup(group.Key, group.Value)),
                WaysOut());
        if (_unreadableKinds.Count > 0)
            yield return Errors.UnreadableKinds(folder, _unreadableKinds);
        if (_kindsForMagick.Count > 0)
            yield return Errors.KindsForMagick(folder, _kindsForMagick);
        if (_hasNameOfNonLandmarks)
            yield return Errors.FolderNamedAsNonLandmark(folder);
        if (_otherForms.Count > 0)
            yield return Errors.NamesInSeveralForms(folder, _otherForms);
        if (_notInFiles.Count > 0)
            yield return Errors.NamesThatFilesDoNotHold(folder, _notInFiles);
        if (_similar.Count > 0)
            yield return Errors.SimilarNames(folder, _similar);
    }
}
