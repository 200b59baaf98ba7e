using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Landmarks.Demo.Tests;

namespace Landmarks.Demo.Schedulers.Tests;

/// <summary>A real Slurm with one node, which nobody else sees and which ends with the tests.</summary>
internal sealed class SlurmCluster : IAsyncDisposable
{
    private readonly string _root, _home = Directory.CreateTempSubdirectory("slurm-").FullName;
    private readonly Process _script;

    private SlurmCluster(string root)
    {
        _root = root;
        _script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(DebianPackages.Metadata("SlurmScripts"), "run-cluster"), root,
            _home, FreePort(), FreePort()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Starts it. Where that can't be, the test is inconclusive.</summary>
    public static async Task<SlurmCluster> StartAsync()
    {
        if (Environment.UserName != "root")
            Assert.Inconclusive("A real Slurm is run from Debian's packages, on Debian, by root.");
        string root = await DebianPackages.UnpackAsync("slurm", "munge", "slurm-client", "slurmctld", "slurmd", "slurm-wlm-basic-plugins");
        var cluster = new SlurmCluster(root);
        if (await cluster._script.StandardOutput.ReadLineAsync() == "ready")
            return cluster;
        string error = await cluster._script.StandardError.ReadToEndAsync();
        await cluster.DisposeAsync();
        throw new AssertFailedException($"Slurm did not start: {error}");
    }

    /// <summary>Runs a program that may call Slurm's.</summary>
    /// <inheritdoc cref="ExampleFolder.Run"/>
    public ProgramResult Run(ExampleFolder folder, IEnumerable<string> variables, params string[] command)
    {
        string libraries = Path.GetDirectoryName(Directory.GetDirectories(Path.Combine(_root, "usr", "lib"), "slurm-wlm",
            SearchOption.AllDirectories).Single())!;
        return folder.Run([$"SLURM_CONF={Path.Combine(_home, "slurm.conf")}", $"LD_LIBRARY_PATH={libraries}/slurm-wlm:{libraries}",
            $"PATH={folder.Folder["bin"]}:{_root}/usr/bin:{Environment.GetEnvironmentVariable("PATH")}", .. variables], command);
    }

    /// <summary>Runs one of Slurm's programs.</summary>
    /// <returns>The lines that it writes.</returns>
    public string[] Ask(ExampleFolder folder, params string[] command) => Run(folder, [], command).AssertSuccess().OutputLines;

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    // Below those that the system gives to connections, of which one would take it before Slurm does.
    private static string FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port.ToString(CultureInfo.InvariantCulture);
            }
            catch (SocketException)
            {
                // Another program has it.
            }
        }
    }
}
