using System.Diagnostics;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Runs a built program of this repository.</summary>
internal static class ChildProcess
{
    /// <param name="dll">The program.</param>
    /// <param name="workingFolder">Its current folder.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Exit code, lines of output, errors.</returns>
    public static (int ExitCode, string[] Output, string Errors) Run(string dll, string workingFolder, params string[] arguments)
        => Run(dll, workingFolder, null, arguments);

    /// <param name="dll">The program.</param>
    /// <param name="workingFolder">Its current folder.</param>
    /// <param name="variable">What its environment has beside that of these tests.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Exit code, lines of output, errors.</returns>
    public static (int ExitCode, string[] Output, string Errors) Run(string dll, string workingFolder,
        (string Name, string Value)? variable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        // Not that of who runs these tests.
        start.Environment["XDG_CACHE_HOME"] = Path.GetFullPath(Path.Combine(workingFolder, "caches"));
        if (variable is { } added)
            start.Environment[added.Name] = added.Value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            errors.Result);
    }
}
