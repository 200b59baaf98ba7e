using System.Diagnostics;

namespace Landmarks.Demo.Tests;

/// <summary>A disk in memory, of a size of its own, over a folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    public static SmallDisk Mount(string folder, string size)
    {
        if (!TryRun("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder))
            Assert.Inconclusive("Only root can mount a disk, and not in every container.");
        return new SmallDisk(folder);
    }

    public void Dispose() => TryRun("umount", _folder);

    private static bool TryRun(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
