using System.Globalization;
using static Microsoft.ML.Landmarks.VisibleText;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>Messages of what files can't be written: what was found, what is allowed, the way out.</summary>
internal static class FileErrors
{
    private const double BytesOfMegabyte = 1e6;

    public static DirectoryNotFoundException FolderMissing(string folder) => new($"The folder '{Visible(folder)}' does not exist.");

    public static IOException IsFolder(string file) => new($"'{Visible(file)}' is a folder; name a file in it.");

    public static IOException IsSocket(string file)
        => new($"'{Visible(file)}' is a socket, which can't be written to as a file; name a file, a device or a pipe.");

    public static IOException LinksInACircle(string file)
        => new($"'{Visible(file)}' is a link that leads to no file: links go round in a circle. Delete it, or name another file.");

    public static IOException NotWritable(string file)
        => new($"'{Visible(file)}' is read-only. Allow that it is written, or name another file.");

    public static IOException NotWritable(string file, Exception inner)
        => new($"'{Visible(file)}' can't be written: {Visible(inner)}", inner);

    public static IOException OutputFolder(string folder, Exception inner)
        => new($"Nothing can be written to the folder '{Visible(folder)}': {Visible(inner)}", inner);

    public static IOException InTheWay(string temporary)
        => new($"'{Visible(temporary)}' is no file that an earlier run has left. Move it away.");

    public static FileAtWorkException AtWork(string file)
        => new($"Another run is writing '{Visible(file)}'. Wait until it is done, or name another file.");

    public static IOException NoSpace(string folder, long length, long free)
        => new(string.Create(CultureInfo.InvariantCulture,
        $"The folder '{Visible(folder)}' has {free / BytesOfMegabyte:F1} MB left, and up to "
            + $"{length / BytesOfMegabyte:F1} MB are to be written. Free some, or name another."));

    public static IOException NotInPlace(string file, string temporary, Exception inner)
        => new($"'{Visible(file)}' can't be replaced: {Visible(inner)} What was to be written there is whole, in '{Visible(temporary)}'; "
        + "move it.", inner);
}
