using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>Writes the names in a folder to the disk, so that a new one outlives a power failure. Windows does that by itself.</summary>
internal static partial class FolderFlush
{
    // Some disks can't: nothing is lost but that promise.
    public static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(folder, 0);
        if (descriptor < 0)
            return;
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
