using Microsoft.ML.Landmarks.Files;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>
/// The folder of a network, in which the files with its weights lie. A network that was downloaded says which files those are: none
/// outside is opened for it.
/// </summary>
/// <param name="network">What messages call the network.</param>
/// <param name="file">The network's file; null where only its bytes are known.</param>
internal sealed class WeightFolder(string network, string? file) : IDisposable
{
    private readonly Dictionary<string, WeightFile> _files = [];

    /// <summary>The file of this name, which is opened once.</summary>
    /// <param name="location">A path in the folder, as the network has it.</param>
    /// <exception cref="InvalidOperationException">The file lies elsewhere, or the folder is not known.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public WeightFile Open(string location)
    {
        if (_files.TryGetValue(location, out WeightFile? known))
            return known;
        if (file is null)
            throw Errors.NetworkUnusable(network, Errors.WeightsOfBytes(location));
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string path = Path.GetFullPath(Path.Join(folder, location));
        if (Path.IsPathRooted(location) || location.Split('/', '\\').Contains("..") || !IsIn(folder, path))
            throw Errors.NetworkUnusable(network, Errors.WeightsElsewhere(location));
        if (!File.Exists(path))
            throw Errors.WeightsMissing(network, location, path);
        // A cache of downloads, as Hugging Face's, has links to files that lie together in another folder.
        string target = FileLinks.Follow(path);
        if (!IsIn(FolderOf(folder), target) && !IsIn(Path.GetDirectoryName(FileLinks.Follow(Path.GetFullPath(file)))!, target))
            throw Errors.NetworkUnusable(network, Errors.WeightsElsewhere(location));
        // Opening a pipe would wait for who writes to it.
        if (FileStatus.Of(target) is { Kind: not FileKind.Plain })
            throw Errors.WeightsMissing(network, location, path);
        return _files[location] = new WeightFile(network, location, OpenFile(path, target));
    }

    public void Dispose()
    {
        foreach (WeightFile weights in _files.Values)
            weights.Dispose();
    }

    // Without links in it.
    private static string FolderOf(string folder) => Path.GetDirectoryName(FileLinks.Follow(Path.Join(folder, "weights")))!;

    private static bool IsIn(string folder, string path)
        => path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static SafeFileHandle OpenFile(string path, string target)
    {
        try
        {
            return File.OpenHandle(target, options: FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.NetworkUnreadable(path, e);
        }
    }
}
