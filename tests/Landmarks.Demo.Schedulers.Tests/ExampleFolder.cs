using Landmarks.Demo.Tests;

namespace Landmarks.Demo.Schedulers.Tests;

/// <summary>Where an example is run: photographs, and landmarks on a PATH.</summary>
internal sealed class ExampleFolder : IDisposable
{
    private readonly string[] _fit;

    /// <param name="hook">What a shell does before each run of landmarks.</param>
    public ExampleFolder(string hook = "")
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The examples are shell commands for nodes with Linux.");
        _fit = PhotoFolders.Fit(Folder, "expected.zip");
        Directory.CreateDirectory(Folder["bin"]);
        // The examples take the network of the program, which would be slow here.
        Write("landmarks", $"""
            if [ "$1" = embed ]; then set -- "$@" --network '{SampleFiles.FastNetwork}'; fi
            {hook}
            exec dotnet '{DemoProgram.Program}' "$@"
            """);
    }

    public WorkFolder Folder { get; } = new();

    /// <summary>A file of the examples.</summary>
    public static string Example(string name) => Path.Combine(Path.GetDirectoryName(DemoProgram.Project)!, "Schedulers", name);

    /// <summary>Puts a program on the PATH.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="commands">What bash runs.</param>
    public void Write(string name, string commands)
    {
        Folder.WriteText($"bin/{name}", $"#!/usr/bin/env bash\n{commands}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder[$"bin/{name}"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs a program with what is on the PATH.</summary>
    /// <param name="variables">What its environment has beside that: NAME=VALUE.</param>
    /// <param name="command">The program and its arguments.</param>
    public ProgramResult Run(IEnumerable<string> variables, params string[] command) => DemoProgram.RunOther("env", Folder,
        [$"PATH={Folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}", .. variables, .. command]);

    /// <summary>Asserts that what the example wrote is the model that one fit makes.</summary>
    /// <param name="log">What is told where there is no model.</param>
    public void AssertModel(string log = "")
    {
        Assert.IsTrue(File.Exists(Folder["landmarks.zip"]), log);
        DemoProgram.Run(Folder, _fit).AssertSuccess();
        ModelEntries.AssertSame(Folder, "expected.zip", "landmarks.zip");
    }

    public void Dispose() => Folder.Dispose();
}
