using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>A real server with pgvector, on a socket that nobody else sees, which ends with the program that started it. Benchmarks use it
/// too: tests alone are inconclusive where there can be none.</summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private static readonly string s_root = Metadata("ServerRoot");
    private static readonly Lazy<Task> s_rootMade = new(MakeRootAsync);

    private readonly Process _script;

    private PostgresServer(string name, Process script, string socket, int processId)
    {
        (Name, _script, Socket, ProcessId) = (name, script, socket, processId);
    }

    /// <summary>In each connection string, so that tests see that no message holds it; these servers ask for none.</summary>
    public const string Password = "the-secret-of-the-tests";

    public string Name { get; }

    /// <summary>The folder of its socket, as PGHOST takes it.</summary>
    public string Socket { get; }

    /// <summary>That of the server itself.</summary>
    public int ProcessId { get; }

    /// <summary>Why there can be no server here; null where there can be one.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists("/usr/bin/apt-get")
        ? "A real PostgreSQL is made from Debian's packages, on Debian, by root." : null;

    /// <summary>Starts one, with new data where none of its name has been started before in this run.</summary>
    /// <param name="name">What tells it from others.</param>
    /// <param name="settings">Of PostgreSQL: NAME=VALUE; before them --memory and a size, for data in memory.</param>
    public static async Task<PostgresServer> StartAsync(string name, params string[] settings)
    {
        Require();
        await s_rootMade.Value;
        Process script = Start("run-server", [s_root, name, .. settings]);
        string? line = await script.StandardOutput.ReadLineAsync();
        if (line?.StartsWith("ready ", StringComparison.Ordinal) != true)
            throw new InvalidOperationException($"The server did not start: {line} {await script.StandardError.ReadToEndAsync()}");
        string[] parts = line.Split(' ');
        return new PostgresServer(name, script, parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Starts one whose data is gone if there was any.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<PostgresServer> StartNewAsync(string name, params string[] settings)
    {
        DeleteData(name);
        return await StartAsync(name, settings);
    }

    /// <summary>A pool of connections.</summary>
    /// <inheritdoc cref="Text"/>
    public NpgsqlDataSource Open(string role = "postgres", Action<NpgsqlConnectionStringBuilder>? configure = null)
    {
        var builder = new NpgsqlDataSourceBuilder(Text(role, configure));
        builder.UseVector();
        return builder.Build();
    }

    /// <summary>How it is reached.</summary>
    /// <param name="role">Who connects.</param>
    /// <param name="configure">Changes how; null for nothing.</param>
    public string Text(string role = "postgres", Action<NpgsqlConnectionStringBuilder>? configure = null)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = Socket,
            Username = role,
            Password = Password,
            Database = "postgres",
            Timeout = 5,
        };
        configure?.Invoke(text);
        return text.ConnectionString;
    }

    /// <summary>Runs programs of PostgreSQL's as its owner.</summary>
    /// <param name="command">For a shell.</param>
    public void Run(string command)
    {
        var start = new ProcessStartInfo("chroot", ["--userspec=5432:5432", s_root, "/bin/sh", "-ec", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = "/usr/lib/postgresql/17/bin:/usr/bin";
        (start.Environment["PGHOST"], start.Environment["PGUSER"]) = ($"/srv/{Name}/socket", "postgres");
        using Process program = Process.Start(start)!;
        Task<string> output = program.StandardOutput.ReadToEndAsync();
        string errors = program.StandardError.ReadToEnd();
        program.WaitForExit();
        if (program.ExitCode != 0 || errors.Length > 0)
            throw new InvalidOperationException($"Exit code {program.ExitCode}: {errors} {output.Result}");
    }

    /// <summary>A folder or file of the server's, as it sees it itself.</summary>
    public string PathOf(string path) => $"/proc/{ProcessId}/root/srv/{Name}/{path}";

    /// <summary>Where a new server of that name will have its files.</summary>
    public static string HomeOf(string name) => Path.Combine(s_root, "srv", name);

    /// <summary>Deletes what a server of that name has left.</summary>
    public static void DeleteData(string name)
    {
        Require();
        if (Directory.Exists(HomeOf(name)))
            Directory.Delete(HomeOf(name), recursive: true);
    }

    /// <summary>Runs statements.</summary>
    public static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
    }

    // What a test says then.
    static partial void TellMissing(string reason);

    private static void Require()
    {
        if (Missing is not { } reason)
            return;
        TellMissing(reason);
        throw new InvalidOperationException(reason);
    }

    private static async Task MakeRootAsync()
    {
        using Process script = Start("make-root", [s_root]);
        string error = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        if (script.ExitCode != 0)
            throw new InvalidOperationException($"PostgreSQL could not be unpacked: {error}");
    }

    private static Process Start(string script, string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Metadata("ServerScripts"), script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static string Metadata(string key) => typeof(PostgresServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
