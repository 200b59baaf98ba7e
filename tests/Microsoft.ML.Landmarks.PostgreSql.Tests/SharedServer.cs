using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>The server that most tests use, each in schemas of its own. Started when the first asks for it.</summary>
[TestClass]
public static class SharedServer
{
    private static readonly Lazy<Task<PostgresServer>> s_server = new(() => PostgresServer.StartNewAsync("shared"));
    private static readonly Lazy<Task<NpgsqlDataSource>> s_source = new(async () => (await s_server.Value).Open());
    private static readonly List<PostgresServer> s_moreServers = [];
    private static readonly Lazy<Task<NpgsqlDataSource>>[] s_more = [.. Enumerable.Range(2, 3).Select(number
        => new Lazy<Task<NpgsqlDataSource>>(() => StartMoreAsync(number)))];
    private static int s_schemas;

    internal static Task<PostgresServer> Server => s_server.Value;

    /// <summary>As its owner.</summary>
    public static Task<NpgsqlDataSource> Source => s_source.Value;

    /// <summary>The shared server and others, as their owner.</summary>
    public static async Task<NpgsqlDataSource[]> SourcesAsync(int count)
        => [await Source, .. await Task.WhenAll(s_more.Take(count - 1).Select(source => source.Value))];

    /// <summary>A name that no other test has.</summary>
    public static string NewSchema() => $"index {Interlocked.Increment(ref s_schemas)}";

    [AssemblyCleanup]
    public static async Task EndAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        foreach (Lazy<Task<NpgsqlDataSource>> source in s_more.Where(source => source.IsValueCreated))
            await (await source.Value).DisposeAsync();
        foreach (PostgresServer server in s_moreServers)
            await server.DisposeAsync();
        if (s_source.IsValueCreated)
            await (await s_source.Value).DisposeAsync();
        if (s_server.IsValueCreated)
            await (await s_server.Value).DisposeAsync();
    }

    private static async Task<NpgsqlDataSource> StartMoreAsync(int number)
    {
        PostgresServer server = await PostgresServer.StartNewAsync($"shared{number}");
        lock (s_moreServers)
            s_moreServers.Add(server);
        return server.Open();
    }
}
