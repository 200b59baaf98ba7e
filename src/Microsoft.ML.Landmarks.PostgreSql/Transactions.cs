using System.Data;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Changes of all servers of an index at once.</summary>
internal static class Transactions
{
    /// <summary>Works in a transaction of each server, and commits all where nothing has failed.</summary>
    /// <param name="schema">The index.</param>
    /// <param name="sources">The servers.</param>
    /// <param name="work">Given the connections, in the order of the servers, each in its transaction.</param>
    /// <param name="cancellation">Ends it, but for the commits.</param>
    /// <exception cref="InvalidOperationException">A server was lost in the midst of its commit, or between those of two.</exception>
    public static async Task<T> RunAsync<T>(string schema, IReadOnlyList<NpgsqlDataSource> sources,
        Func<NpgsqlConnection[], Task<T>> work, CancellationToken cancellation)
    {
        List<NpgsqlConnection> connections = [];
        List<NpgsqlTransaction> transactions = [];
        try
        {
            foreach (NpgsqlDataSource source in sources)
            {
                connections.Add(await source.OpenConnectionAsync(cancellation));
                transactions.Add(await connections[^1].BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation));
            }

            T result = await work([.. connections]);
            await CommitAsync(schema, transactions);
            return result;
        }
        finally
        {
            // Disposing rolls back; RollbackAsync would hide what COMMIT said.
            foreach (NpgsqlTransaction transaction in transactions)
                await transaction.DisposeAsync();
            foreach (NpgsqlConnection connection in connections)
                await connection.DisposeAsync();
        }
    }

    // Between these commits the servers differ: readers see that by the epochs, and ask again.
    private static async Task CommitAsync(string schema, List<NpgsqlTransaction> transactions)
    {
        foreach ((int committed, NpgsqlTransaction transaction) in transactions.Index())
        {
            try
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (NpgsqlException e) when (committed > 0)
            {
                throw Errors.CommittedInPart(schema, committed, transactions.Count, e);
            }
            // A server that says why not has not; one that is gone may have.
            catch (NpgsqlException e) when (e is not PostgresException { InvariantSeverity: "ERROR" })
            {
                throw Errors.PerhapsCommitted(schema, e);
            }
        }
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public static async Task ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params IEnumerable<object> parameters)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs a query.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="sql">With $1 and so on in the places of parameters.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="parameters">The parameters.</param>
    public static async Task<List<T>> QueryAsync<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation, params IEnumerable<object> parameters)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Whether a server has a table or an index.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="name">Its schema and its name, quoted.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<bool> IsThereAsync(this NpgsqlConnection connection, string name, CancellationToken cancellation)
        => (await connection.QueryAsync("select to_regclass($1) is not null", reader => reader.GetBoolean(0), cancellation, name)).Single();

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IEnumerable<object> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
