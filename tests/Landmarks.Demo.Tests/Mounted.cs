using System.Diagnostics;

namespace Landmarks.Demo.Tests;

/// <summary>What is mounted over a folder or a file, until it is disposed.</summary>
internal sealed class Mounted : IDisposable
{
    private readonly string _place;

    private Mounted(string place, params string[] what)
    {
        _place = place;
        if (!TryRun("mount", [.. what, place]))
            Assert.Inconclusive("Only root can mount, and not in every container.");
    }

    /// <summary>A disk in memory, of a size of its own.</summary>
    public static Mounted Disk(string folder, string size) => new(folder, "-t", "tmpfs", "-o", $"size={size}", "tmpfs");

    /// <summary>A file from elsewhere, as a container mounts it: it can be written and not replaced.</summary>
    public static Mounted File(string file, string place) => new(place, "--bind", file);

    /// <summary>A folder that nobody can write to.</summary>
    public static Mounted ReadOnly(string folder) => new(folder, "--bind", "-o", "ro", folder);

    public void Dispose() => TryRun("umount", _place);

    private static bool TryRun(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
