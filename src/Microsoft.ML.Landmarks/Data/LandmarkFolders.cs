namespace Microsoft.ML.Landmarks;

/// <summary>Reads photographs that lie in a folder for each landmark.</summary>
internal static class LandmarkFolders
{
    // Kinds that can't be decoded are named too: the step that reads them says what they are, where leaving them out would say nothing.
    private static readonly HashSet<string> s_extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".heic", ".heif", ".avif", ".tif", ".tiff", ".svg",
    };

    /// <summary>Checks that the folders are there.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder, or the folder of non-landmarks in it, is missing, or there is no folder in it.</exception>
    public static void Check(string folder, string? nonLandmarkFolder)
    {
        if (!Directory.Exists(folder))
            throw Errors.FolderMissing(folder);
        string[] names = [.. LandmarksIn(folder)];
        if (names.Length == 0)
            throw Errors.NoLandmarkFolders(folder);
        if (nonLandmarkFolder is not null && !names.Contains(nonLandmarkFolder))
            throw Errors.NonLandmarkFolderMissing(folder, nonLandmarkFolder, names);
    }

    /// <summary>The photographs by folder and file name, in ordinal order; the names of one folder are held at a time.</summary>
    public static IEnumerable<LandmarkRow> Read(string folder, string? nonLandmarkFolder)
    {
        foreach (string landmark in LandmarksIn(folder))
        {
            var label = new LandmarkLabel(0, landmark == nonLandmarkFolder ? LandmarkLabel.NonLandmarkText : landmark);
            foreach (string photo in NamesOf(Directory.EnumerateFiles(Path.Join(folder, landmark))).Where(name => s_extensions.Contains(Path.GetExtension(name))))
                yield return new LandmarkRow($"{landmark}/{photo}", label, Path.Join(folder, landmark, photo));
        }
    }

    private static IEnumerable<string> LandmarksIn(string folder) => NamesOf(Directory.EnumerateDirectories(folder));

    // What starts with a dot is hidden, on systems that have no other mark for it.
    private static IOrderedEnumerable<string> NamesOf(IEnumerable<string> paths)
        => paths.Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal);
}
