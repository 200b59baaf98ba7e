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

    /// <summary>The program, to be run by <c>dotnet</c>.</summary>
    public static string Program { get; } = Metadata("DemoProgram");

    /// <summary>The project that makes it.</summary>
    public static string Project { get; } = Metadata("DemoProject");

    /// <summary>Runs another program, a shell that runs this one, say.</summary>
    public static ProgramResult RunOther(string program, WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(new ProcessStartInfo(program, arguments), folder);
        return Finish(process);
    }

    /// <param name="environment">What its environment has beside that of these tests.</param>
    /// <param name="folder">Where the program runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProgramResult Run(IReadOnlyDictionary<string, string> environment, WorkFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Start(start, folder);
        return Finish(process);
    }

    public static ProgramResult Run(WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        return Finish(process);
    }

    /// <summary>Runs the program until it has written a line that begins with <paramref name="line"/>, and sends it a signal
    /// then.</summary>
    public static ProgramResult RunUntil(string line, string signal, WorkFolder folder, params string[] arguments)
        => RunUntil(line, signal, () => { }, [], folder, arguments);

    /// <param name="line">How a line begins.</param>
    /// <param name="signal">The signal's name.</param>
    /// <param name="wait">Returns when it is to be sent.</param>
    /// <param name="ignored">Signals that the program is told to ignore.</param>
    /// <param name="folder">Where the program runs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <inheritdoc cref="RunUntil(string, string, WorkFolder, string[])"/>
    public static ProgramResult RunUntil(string line, string signal, Action wait, string[] ignored, WorkFolder folder,
        params string[] arguments)
    {
        using Process process = Start(folder, arguments, ignored);
        var read = new List<string>();
        while (process.StandardOutput.ReadLine() is { } next)
        {
            read.Add(next);
            if (!next.StartsWith(line, StringComparison.Ordinal))
                continue;
            wait();
            Send(signal, process);
            break;
        }

        ProgramResult result = Finish(process);
        return result with { Output = string.Join('\n', read) + '\n' + result.Output };
    }

    /// <summary>Runs the program until it has written a line that begins with <paramref name="line"/>, and holds it there while something
    /// else is done.</summary>
    public static ProgramResult RunAndHold(string line, Action meanwhile, WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        string? next;
        do
        {
            next = process.StandardOutput.ReadLine();
        }
        while (next?.StartsWith(line, StringComparison.Ordinal) == false);
        Send("STOP", process);
        try
        {
            meanwhile();
        }
        finally
        {
            Send("CONT", process);
        }

        return Finish(process);
    }

    /// <summary>Runs the program and kills it, without a chance to clean up, as soon as it has come to a moment.</summary>
    /// <param name="isThere">Whether it has come there.</param>
    /// <param name="folder">Where the program runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProgramResult RunAndKillAt(Func<bool> isThere, WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        SpinWait.SpinUntil(() => isThere() || process.HasExited);
        process.Kill();
        return Finish(process);
    }

    /// <summary>Runs the program and tells each line of its output when it is there.</summary>
    public static ProgramResult RunAndFollow(Action<string> follow, WorkFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        var read = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            read.Add(line);
            follow(line);
        }

        process.WaitForExit();
        return new ProgramResult(process.ExitCode, string.Join('\n', read), error.Result, watch.Elapsed);
    }

    private static Process Start(WorkFolder folder, string[] arguments, params string[] ignored)
    {
        var start = new ProcessStartInfo();
        // A shell's background job ignores SIGINT, and so does all that it starts, these tests among it.
        if (OperatingSystem.IsLinux())
        {
            start.FileName = "env";
            start.ArgumentList.Add("--default-signal=INT,QUIT");
            foreach (string signal in ignored)
                start.ArgumentList.Add($"--ignore-signal={signal}");
            start.ArgumentList.Add("dotnet");
        }
        else
            start.FileName = "dotnet";
        start.ArgumentList.Add(Program);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Start(start, folder);
    }

    private static Process Start(ProcessStartInfo start, WorkFolder folder)
    {
        start.WorkingDirectory = folder.FullPath;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        // What a build server sets, for which color and bars would be switched on.
        start.Environment["GITHUB_ACTIONS"] = "true";
        start.Environment["TMPDIR"] = start.Environment["TEMP"] = start.Environment["TMP"] = folder.Temporary;
        start.Environment["XDG_CACHE_HOME"] = folder.Caches;
        return Process.Start(start)!;
    }

    private static void Send(string signal, Process process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static ProgramResult Finish(Process process)
    {
        var watch = Stopwatch.StartNew();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output, error.Result, watch.Elapsed);
    }

    private static string Metadata(string key)
        => typeof(DemoProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
