using Microsoft.ML.Landmarks.PostgreSql.Tests;
using Npgsql;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>A server of the tests, as one would set it up for such rows.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private readonly PostgresServer _server;

    private MeasuredServer(PostgresServer server) => (_server, Source) = (server, server.Open());

    public NpgsqlDataSource Source { get; }

    /// <summary>Seconds that all its processes were on a core.</summary>
    public double Processor => ServerProcess.OfServer(_server.ProcessId);

    public static async Task<MeasuredServer> StartAsync(string name)
    {
        // The tests' own are small, and do not wait for the disk.
        var server = new MeasuredServer(await PostgresServer.StartNewAsync(name, "shared_buffers=1GB", "max_wal_size=8GB", "fsync=on",
            "shared_preload_libraries=pg_stat_statements"));
        await server.RunAsync("create extension pg_stat_statements");
        return server;
    }

    public Task RunAsync(string sql) => PostgresServer.RunAsync(Source, sql);

    /// <summary>What a server does by itself within a minute of a load, and is no part of what follows.</summary>
    public async Task SettleAsync()
    {
        await RunAsync("vacuum");
        await RunAsync("checkpoint");
    }

    /// <summary>How many rows the searches have given that propose rows, since the last time.</summary>
    public async Task<long> CountProposedRowsAsync()
    {
        // The condition by which they propose.
        await using NpgsqlCommand command = Source.CreateCommand(
            "select coalesce(sum(rows), 0)::bigint from pg_stat_statements where query like '%y.kth%'");
        long rows = (long)(await command.ExecuteScalarAsync())!;
        await RunAsync("select pg_stat_statements_reset()");
        return rows;
    }

    /// <summary>A connection of its own.</summary>
    /// <param name="options">Settings of the session, as libpq's <c>options</c>.</param>
    public Task<MeasuredConnection> ConnectAsync(string options = "") => MeasuredConnection.OpenAsync(_server, options);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _server.DisposeAsync();
        PostgresServer.DeleteData(_server.Name);
    }
}
