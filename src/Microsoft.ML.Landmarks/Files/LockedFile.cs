using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>Files that one process at a time holds. The system frees those of a process however that ends.</summary>
internal static partial class LockedFile
{
    private const int Shared = 1, WithoutWaiting = 4;

    private const int MostLostRounds = 100;

    /// <summary>Makes a file, in place of one that a killed process has left.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isPrivate">Whether its owner alone may read it.</param>
    /// <returns>The file; null where another process holds it.</returns>
    /// <exception cref="IOException">What stands there was left by no such process, or no file can be made.</exception>
    public static FileStream? TryCreate(string path, bool isPrivate)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (isPrivate && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // A round is lost only where another run comes or goes at this very moment: what stood there then may be gone by now.
        for (int lost = 0; ; lost++)
        {
            try
            {
                var file = new FileStream(path, options);
                if (FileStatus.IsAt(path, file.SafeFileHandle))
                    return file;
                file.Dispose();
            }
            catch (IOException) when (File.Exists(path) || lost < MostLostRounds)
            {
                if (!TryRemove(path) && File.Exists(path))
                    return null;
            }
        }
    }

    /// <summary>Lets others open a file that this process holds, which none of them can take away from it even so: what is moved to
    /// another name is read there at once.</summary>
    public static void LetRead(FileStream file)
    {
        if (OperatingSystem.IsWindows())
            return;
        // The kind of lock that .NET has of it, changed without a moment between.
        _ = Lock(file.SafeFileHandle, Shared | WithoutWaiting);
    }

    /// <summary>Deletes a file that a killed process has left.</summary>
    /// <param name="path">The file.</param>
    /// <param name="prepare">Is given its text first.</param>
    /// <returns>False where the file is gone or another process holds it.</returns>
    /// <exception cref="IOException">What stands there is no such file.</exception>
    public static bool TryRemove(string path, Action<string>? prepare = null)
    {
        // Opening a pipe would wait for its other end.
        if (FileStatus.Of(path, followsLinks: false) is { Kind: not FileKind.Plain })
            throw FileErrors.InTheWay(path);
        try
        {
            FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, share);
            // Another run may have moved it to its place between its opening and its locking.
            if (!FileStatus.IsAt(path, file.SafeFileHandle))
                return false;
            using var reader = new StreamReader(file);
            prepare?.Invoke(reader.ReadToEnd());
            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Lock(SafeFileHandle file, int operation);
}
