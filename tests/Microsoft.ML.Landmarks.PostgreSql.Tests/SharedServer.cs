using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>The server that most tests use, each in schemas of its own. Started when the first asks for it.</summary>
[TestClass]
public static class SharedServer
{
    private static readonly Lazy<Task<PostgresServer>> s_server = new(() => PostgresServer.StartNewAsync("shared"));
    private static readonly Lazy<Task<NpgsqlDataSource>> s_source = new(async () => (await s_server.Value).Open());
    private static int s_schemas;

    internal static Task<PostgresServer> Server => s_server.Value;

    /// <summary>As its owner.</summary>
    public static Task<NpgsqlDataSource> Source => s_source.Value;

    /// <summary>A name that no other test has.</summary>
    public static string NewSchema() => $"index {Interlocked.Increment(ref s_schemas)}";

    [AssemblyCleanup]
    public static async Task EndAsync()
    {
        if (s_source.IsValueCreated)
            await (await s_source.Value).DisposeAsync();
        if (s_server.IsValueCreated)
            await (await s_server.Value).DisposeAsync();
    }
}
