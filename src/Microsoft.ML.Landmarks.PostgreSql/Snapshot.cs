using System.Data;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>
/// Reads of one state of each server: both searches of a query see the same rows, whatever others write. What a lost connection cut off is
/// tried again, since reads change nothing.
/// </summary>
internal static class Snapshot
{
    /// <summary>Reads all servers side by side, each in a transaction of its own, until all have the same epoch.</summary>
    /// <param name="sources">The servers.</param>
    /// <param name="tables">The index.</param>
    /// <param name="read">Reads one, given its header.</param>
    /// <param name="cancellation">Ends it, at the servers too.</param>
    /// <returns>What each server gave, in their order.</returns>
    /// <exception cref="InvalidOperationException">A change was cut off between the servers, and they differ.</exception>
    /// <inheritdoc cref="Attempts.RunAsync" path="/exception"/>
    public static async Task<(IndexHeader Header, T Result)[]> ReadAsync<T>(IReadOnlyList<NpgsqlDataSource> sources, IndexTables tables,
        Func<NpgsqlConnection, IndexHeader, Task<T>> read, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            (IndexHeader Header, T Result)[] all
                = await Task.WhenAll(sources.Select(source => ReadOneAsync(source, tables, read, cancellation)));
            if (all.All(one => one.Header.Epoch == all[0].Header.Epoch))
                return all;
            // A change is on its way from one server to the next.
            if (attempt == Attempts.Most)
                throw Errors.ServersDiffer(tables.Name, [.. all.Select(one => one.Header.Epoch)]);
            await Attempts.WaitAfterAsync(attempt, cancellation);
        }
    }

    private static Task<(IndexHeader, T)> ReadOneAsync<T>(NpgsqlDataSource source, IndexTables tables,
        Func<NpgsqlConnection, IndexHeader, Task<T>> read, CancellationToken cancellation) => Attempts.RunAsync(tables.Name, async () =>
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        IndexHeader header = await IndexHeader.ReadAsync(connection, tables, cancellation);
        T result = await read(connection, header);
        await transaction.CommitAsync(cancellation);
        return (header, result);
    }, cancellation);
}
