using Microsoft.ML.Landmarks.PostgreSql.Tests;
using Npgsql;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>A data source of one connection, so that one process of the server works for it.</summary>
internal sealed class MeasuredConnection : IAsyncDisposable
{
    private readonly int _process;

    private MeasuredConnection(NpgsqlDataSource source, int process) => (Source, _process) = (source, process);

    public NpgsqlDataSource Source { get; }

    /// <summary>Seconds that the server's process was on a core, and that it waited for one.</summary>
    public (double Processor, double Waited) Used => ServerProcess.Of(_process);

    public static async Task<MeasuredConnection> OpenAsync(PostgresServer server, string options)
    {
        NpgsqlDataSource source = server.Open(configure: text => (text.MinPoolSize, text.MaxPoolSize, text.Options) = (1, 1, options));
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        // The server is in the same space of process numbers.
        return new MeasuredConnection(source, connection.ProcessID);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
