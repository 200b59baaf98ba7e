using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>Follows links to the file that they stand for, which need not be there.</summary>
internal static partial class FileLinks
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <param name="path">A full path.</param>
    /// <returns>A full path; on Linux without any link in it, but for the name of an open descriptor.</returns>
    /// <exception cref="IOException">Links go round in a circle.</exception>
    public static string Follow(string path)
    {
        string place = path;
        for (int links = 0; links <= MostLinks; links++)
        {
            // .NET takes the target of a link that is reached through another one for what its text says, not for what it is.
            if (Path.GetDirectoryName(place) is { Length: > 0 } folder)
                place = Path.Join(Resolve(folder), Path.GetFileName(place));
            if (Descriptor(place) is not null || new FileInfo(place).LinkTarget is not { } target)
                return place;
            place = Path.IsPathRooted(target) ? target : Path.Join(Path.GetDirectoryName(place), target);
        }

        throw FileErrors.LinksInACircle(path);
    }

    /// <summary>The number of the open descriptor that a path names, as /dev/stdout and /dev/fd do.</summary>
    /// <param name="place">From <see cref="Follow"/>.</param>
    public static int? Descriptor(string place)
        => OperatingSystem.IsLinux() && Path.GetDirectoryName(place) == $"/proc/{Environment.ProcessId}/fd"
            && new FileInfo(place).LinkTarget is not null
            ? int.Parse(Path.GetFileName(place), CultureInfo.InvariantCulture)
            : null;

    // As it is where it is missing.
    private static string Resolve(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return folder;
        nint resolved = RealPath(folder, 0);
        if (resolved == 0)
            return folder;
        string text = Marshal.PtrToStringUTF8(resolved)!;
        Free(resolved);
        return text;
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint resolved);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);
}
