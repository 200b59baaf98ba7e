using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>The servers of an index: which is which, and which of them a row belongs to.</summary>
internal static class Servers
{
    /// <summary>Brings data sources in the order of the servers.</summary>
    /// <exception cref="ArgumentException">There is none, or no schema may be called so.</exception>
    /// <exception cref="InvalidOperationException">A server has no such index; one is missing, stands there twice or differs.</exception>
    public static async Task<(NpgsqlDataSource[] Sources, IndexTables Tables, IndexHeader[] Headers)> OrderAsync(
        IReadOnlyList<NpgsqlDataSource> sources, string schema, CancellationToken cancellation)
    {
        Check(sources, schema);
        IndexTables tables = null!;
        List<(NpgsqlDataSource Source, IndexHeader Header)> servers = [];
        foreach (NpgsqlDataSource source in sources)
        {
            (tables, IndexHeader header) = await Attempts.RunAsync(schema, async () =>
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
                IndexTables found = await IndexTables.OfAsync(connection, schema, cancellation);
                await CheckVectorsAsync(connection, found, cancellation);
                return (found, await IndexHeader.ReadAsync(connection, found, cancellation));
            }, cancellation);
            servers.Add((source, header));
        }

        servers.Sort((a, b) => a.Header.Server.CompareTo(b.Header.Server));
        IndexHeader first = servers[0].Header;
        int[] numbers = [.. servers.Select(server => server.Header.Server)];
        if (servers.Any(server => server.Header.ServerCount != sources.Count) || !numbers.SequenceEqual(Enumerable.Range(0, sources.Count)))
            throw Errors.OtherServers(schema, first.ServerCount, numbers);
        if (servers.Any(server => server.Header.Identity != first.Identity || server.Header.IsLoaded != first.IsLoaded))
            throw Errors.ServersOfOtherModels(schema);
        return ([.. servers.Select(server => server.Source)], tables, [.. servers.Select(server => server.Header)]);
    }

    /// <summary>Checks what says which index is meant, before any server is asked.</summary>
    /// <exception cref="ArgumentException">There is no server, or no schema may be called so.</exception>
    public static void Check(IReadOnlyList<NpgsqlDataSource> sources, string schema,
        [CallerArgumentExpression(nameof(sources))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(sources, name);
        IndexTables.CheckName(schema);
        if (sources.Count == 0 || sources.Contains(null!))
            throw Errors.NoServers(name!);
    }

    /// <summary>The server that holds a landmark row: by its id, so that an id is never on two; else by its number.</summary>
    public static int Of(string? id, long row, int count)
    {
        return count == 1 ? 0
            : LandmarkShard.PlaceOf(id is null ? BitConverter.GetBytes(row) : Encoding.UTF8.GetBytes(id), count);
    }

    // The extension may have come after the source's first connection, which knows no type of it then.
    private static async Task CheckVectorsAsync(NpgsqlConnection connection, IndexTables tables, CancellationToken cancellation)
    {
        for (bool isReloaded = false; ; isReloaded = true)
        {
            await using var command = new NpgsqlCommand($"select '[1]'::{tables.Vector}", connection);
            try
            {
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
                await reader.ReadAsync(cancellation);
                reader.GetFieldValue<Pgvector.Vector>(0);
                return;
            }
            catch (InvalidCastException e)
            {
                if (isReloaded)
                    throw Errors.NoVectorType(e);
                await connection.ReloadTypesAsync(cancellation);
            }
        }
    }
}
