using System.Diagnostics;
using System.Reflection;

namespace Landmarks.Demo.Schedulers.Tests;

/// <summary>What Debian's packages hold, unpacked into a folder of its own.</summary>
internal static class DebianPackages
{
    /// <summary>Unpacks packages, unless that was done before. Where it can't be, the test is inconclusive.</summary>
    /// <param name="name">The name of the folder.</param>
    /// <param name="arguments">Those of the script unpack after the folder.</param>
    /// <returns>The folder.</returns>
    public static async Task<string> UnpackAsync(string name, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/apt-get"))
            Assert.Inconclusive($"{name} comes from Debian's packages, and there is no apt-get here.");
        string folder = Path.Combine(Metadata("PackagesFolder"), name);
        var start = new ProcessStartInfo("bash", [Path.Combine(Metadata("DebianScripts"), "unpack"), folder, .. arguments])
        {
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start)!;
        string error = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        if (script.ExitCode != 0)
            Assert.Inconclusive($"{name} can't be had from Debian's packages here: {error}");
        return folder;
    }

    /// <summary>What the project file says of this assembly.</summary>
    public static string Metadata(string key) => typeof(DebianPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
