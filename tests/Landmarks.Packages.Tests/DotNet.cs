using System.Diagnostics;

namespace Landmarks.Packages.Tests;

/// <summary>Runs <c>dotnet</c>, or a program that it installed.</summary>
/// <param name="folder">The current folder.</param>
/// <param name="environment">What the environment has beside that of these tests.</param>
internal sealed class DotNet(string folder, params (string Name, string Value)[] environment)
{
    /// <param name="command">The program and its arguments.</param>
    /// <returns>What it printed. That it succeeds without a word of error is asserted.</returns>
    public string Run(params string[] command)
    {
        (int exitCode, string output, string errors) = Try(command);
        Assert.AreEqual((0, ""), (exitCode, errors), $"{string.Join(' ', command)}\n{output}");
        return output;
    }

    /// <inheritdoc cref="Run"/>
    public (int ExitCode, string Output, string Errors) Try(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // A build must leave no process behind that holds the pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
