using System.Diagnostics;
using System.Reflection;

namespace Landmarks.Demo.Tests;

/// <summary>Runs the program as a shell does, with its output redirected.</summary>
internal static class DemoProgram
{
    /// <summary>The program's own folder.</summary>
    public static string Folder => Path.GetDirectoryName(Program)!;

    /// <summary>The network that ships with the program.</summary>
    public static string Network => Path.Combine(Folder, "models", "efficientnet_lite0_gem.onnx");

    private static string Program { get; } = typeof(DemoProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "DemoProgram").Value!;

    public static ProgramResult Run(WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        return Finish(process);
    }

    /// <summary>Runs the program until it has written a line that begins with <paramref name="line"/>, and sends it a signal then.</summary>
    public static ProgramResult RunUntil(string line, string signal, WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        var read = new List<string>();
        while (process.StandardOutput.ReadLine() is { } next)
        {
            read.Add(next);
            if (!next.StartsWith(line, StringComparison.Ordinal))
                continue;
            using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
                kill.WaitForExit();
            break;
        }

        ProgramResult result = Finish(process);
        return result with { Output = string.Join('\n', read) + '\n' + result.Output };
    }

    private static Process Start(WorkFolder folder, string[] arguments)
    {
        var start = new ProcessStartInfo { WorkingDirectory = folder.FullPath, RedirectStandardOutput = true, RedirectStandardError = true };
        // A shell's background job ignores SIGINT, and so does all that it starts, these tests among it.
        if (OperatingSystem.IsLinux())
        {
            start.FileName = "env";
            start.ArgumentList.Add("--default-signal=INT");
            start.ArgumentList.Add("dotnet");
        }
        else
            start.FileName = "dotnet";
        start.ArgumentList.Add(Program);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        // What a build server sets, for which color and bars would be switched on.
        start.Environment["GITHUB_ACTIONS"] = "true";
        start.Environment["TMPDIR"] = folder.Temporary;
        start.Environment["TEMP"] = start.Environment["TMP"] = folder.Temporary;
        return Process.Start(start)!;
    }

    private static ProgramResult Finish(Process process)
    {
        var watch = Stopwatch.StartNew();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output, error.Result, watch.Elapsed);
    }
}
