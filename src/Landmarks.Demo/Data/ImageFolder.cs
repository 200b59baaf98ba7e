using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Data;

/// <summary>The folder that photographs are read from.</summary>
internal static class ImageFolder
{
    /// <exception cref="JobFailedException">There is no such folder: found before a row is read.</exception>
    public static void Require(string folder)
    {
        if (!Directory.Exists(folder))
            throw Errors.FolderMissing(folder);
    }

    /// <summary>Whether a folder is another one, or lies in it, whatever links lead there.</summary>
    /// <param name="folder">The folder that may hold the other.</param>
    /// <param name="other">The other, which need not be there.</param>
    public static bool Holds(string folder, string other)
    {
        string place = Path.GetFullPath(other), rest = "";
        for (; !Directory.Exists(place) && Path.GetDirectoryName(place) is { } parent; place = parent)
            rest = Path.Join(Path.GetFileName(place), rest);
        return Path.Join(WithSeparator(place), rest).StartsWith(WithSeparator(folder), OperatingSystem.IsLinux()
            ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

        static string WithSeparator(string path)
            => Path.TrimEndingDirectorySeparator(FileLinks.Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))
                + Path.DirectorySeparatorChar;
    }
}
