using System.Data;
using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace Microsoft.ML.Landmarks.PostgreSql;

// How an index is made, and how a model's rows come into it.
public sealed partial class PostgresLandmarkIndex
{
    // As often progress is told.
    private const int RowsBetweenReports = 1_000;

    /// <summary>Makes an index for the rows of a model, empty still: a schema of its own with its tables, on each server. Of a failed one
    /// nothing is left.</summary>
    /// <param name="owners">The servers that are to hold it, by a role that may make schemas: landmarks are shared among them, and all hold
    /// all non-landmarks.</param>
    /// <param name="schema">The schema, as it is to be called, of at most 63 bytes; there must be none of that name.</param>
    /// <param name="model">The model: what its rows are like is all that is taken of it.</param>
    /// <param name="roles">Who may use it besides the owner; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">There is no server, or no schema may be called so.</exception>
    /// <exception cref="InvalidOperationException">No step of this library names landmarks in the model, or its labels are keys; a server
    /// has a schema of that name or lacks pgvector, or the role lacks a right; or a role to be let in is unknown.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public static async Task CreateAsync(IReadOnlyList<NpgsqlDataSource> owners, string schema, ITransformer model,
        LandmarkIndexRoles? roles = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owners);
        IndexTables.CheckName(schema);
        if (owners.Count == 0)
            throw Errors.NoServers(nameof(owners));
        IndexHeader header = new IndexRows(model).Header;
        await InTransactionsAsync(owners, async (connection, server) =>
        {
            try
            {
                await ExecuteAsync(connection, "create extension if not exists vector", cancellation);
                IndexTables tables = await IndexTables.OfAsync(connection, schema, cancellation);
                await ExecuteAsync(connection, tables.Create(header.Dimension), cancellation);
                await ExecuteAsync(connection, $"""
                    insert into {tables.Index} (format, dimension, penalty_neighbors, fingerprint, label_type, has_ids, has_non_landmark_ids,
                      is_smoothed, non_landmark_label, server, servers) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                    """, cancellation, IndexTables.Format, header.Dimension, header.PenaltyNeighbors, header.Fingerprint, header.LabelType,
                    header.HasIds, header.HasNonLandmarkIds, header.IsSmoothed, header.NonLandmarkLabel, server, owners.Count);
                foreach (string role in roles?.Readers ?? [])
                    await ExecuteAsync(connection, tables.GrantReading(role), cancellation);
                foreach (string role in roles?.Writers ?? [])
                    await ExecuteAsync(connection, tables.GrantWriting(role), cancellation);
            }
            catch (PostgresException e) when (Errors.OfCreating(schema, e) is { } error)
            {
                throw error;
            }
        }, cancellation);
    }

    /// <summary>Puts the rows of a model into an index that <see cref="CreateAsync"/> made for it, in one transaction of each server: nothing is left of a failed one.</summary>
    /// <param name="sources">The servers that hold it, by a role that may write.</param>
    /// <param name="schema">The schema, as it is called.</param>
    /// <param name="model">The model.</param>
    /// <param name="progress">Told how many rows have been sent, of both kinds; null where nobody asks.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The index, to be asked.</returns>
    /// <exception cref="InvalidOperationException">It is the index of another model, or has rows already; or a server is missing or stands
    /// there twice.</exception>
    /// <inheritdoc cref="AttachAsync"/>
    public static async Task<PostgresLandmarkIndex> LoadAsync(IReadOnlyList<NpgsqlDataSource> sources, string schema, ITransformer model,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var rows = new IndexRows(model);
        (NpgsqlDataSource[] ordered, IndexTables tables, IndexHeader[] headers) = await Servers.OrderAsync(sources, schema, cancellation);
        CheckLoadable(schema, headers, rows.Header);
        long sent = 0;
        await InTransactionsAsync(ordered, async (connection, server) =>
        {
            // Another one may be loading it: the second waits here, and finds it loaded.
            await ExecuteAsync(connection, $"lock table {tables.NonLandmarks} in share row exclusive mode", cancellation);
            CheckLoadable(schema, [await IndexHeader.ReadAsync(connection, tables, cancellation)], rows.Header);
            await SendLabelsAsync(connection, tables, rows, cancellation);
            await SendNonLandmarksAsync(connection, tables, rows, Report, cancellation);
            long landmarks = await SendLandmarksAsync(connection, tables, rows, server, ordered.Length, Report, cancellation);
            await ExecuteAsync(connection, $"""
                update {tables.Index} set is_loaded = true, landmarks = $1, non_landmarks = $2, next_landmark = $3, next_non_landmark = $2,
                  epoch = epoch + 1
                """, cancellation, landmarks, (long)rows.Gallery.NonLandmarks.Count, (long)rows.Gallery.Landmarks.Count);
        }, cancellation);
        progress?.Report(sent);
        // The planner knows nothing of them before. A role that does not own the tables is told, and they are left as they are.
        foreach (NpgsqlDataSource source in ordered)
        {
            foreach (string table in (string[])[tables.Landmarks, tables.NonLandmarks])
            {
                await using NpgsqlCommand vacuum = source.CreateCommand($"vacuum (analyze) {table}");
                await vacuum.ExecuteNonQueryAsync(cancellation);
            }
        }

        return await AttachAsync(ordered, schema, cancellation);

        void Report()
        {
            if (++sent % RowsBetweenReports == 0)
                progress?.Report(sent);
        }
    }

    private static void CheckLoadable(string schema, IndexHeader[] headers, IndexHeader rows)
    {
        if (headers.FirstOrDefault(header => header.IsLoaded) is { } loaded)
            throw Errors.AlreadyLoaded(schema, loaded.Landmarks + loaded.NonLandmarks);
        IndexHeader header = headers[0];
        if (header.Fingerprint != rows.Fingerprint || header.Dimension != rows.Dimension || header.LabelType != rows.LabelType
            || header.HasIds != rows.HasIds || header.HasNonLandmarkIds != rows.HasNonLandmarkIds)
            throw Errors.MadeForAnother(schema);
    }

    // An importer that is not completed leaves nothing behind, in whatever way it ends.
    private static async Task SendLabelsAsync(
        NpgsqlConnection connection, IndexTables tables, IndexRows rows, CancellationToken cancellation)
    {
        await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            $"copy {tables.Labels} (number, label) from stdin (format binary)", cancellation);
        foreach ((int number, string label) in rows.Gallery.Labels.Texts.Index())
        {
            importer.StartRow();
            importer.Write(number, NpgsqlDbType.Integer);
            importer.Write(label, NpgsqlDbType.Text);
        }

        await importer.CompleteAsync(cancellation);
    }

    private static async Task SendNonLandmarksAsync(
        NpgsqlConnection connection, IndexTables tables, IndexRows rows, Action report, CancellationToken cancellation)
    {
        await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            $"copy {tables.NonLandmarks} (row, id, v) from stdin (format binary)", cancellation);
        for (int row = 0; row < rows.Gallery.NonLandmarks.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Synchronous: twice as fast as waiting for each value, and what is sent goes out in blocks.
            importer.StartRow();
            importer.Write((long)row, NpgsqlDbType.Bigint);
            WriteId(importer, rows.Gallery.NonLandmarkIds?[row]);
            importer.Write(new Vector(rows.Gallery.NonLandmarks[row].ToArray()));
            report();
        }

        await importer.CompleteAsync(cancellation);
    }

    private static async Task<long> SendLandmarksAsync(NpgsqlConnection connection, IndexTables tables, IndexRows rows, int server,
        int serverCount, Action report, CancellationToken cancellation)
    {
        long count = 0;
        await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(
            $"copy {tables.Landmarks} (row, id, landmark, penalty, near, near_row, v) from stdin (format binary)", cancellation);
        rows.VisitLandmarks((row, nearest) =>
        {
            string? id = rows.Gallery.Ids?[row];
            if (Servers.Of(id, row, serverCount) != server)
                return;
            importer.StartRow();
            importer.Write((long)row, NpgsqlDbType.Bigint);
            WriteId(importer, id);
            importer.Write(rows.Gallery.Labels.LandmarkOfRow[row], NpgsqlDbType.Integer);
            importer.Write(rows.Gallery.Penalties[row], NpgsqlDbType.Double);
            var cosines = new double[nearest.Length];
            var others = new long[nearest.Length];
            for (int i = 0; i < nearest.Length; i++)
                (cosines[i], others[i]) = (nearest[i].Cosine, nearest[i].Row);
            importer.Write(cosines, NpgsqlDbType.Array | NpgsqlDbType.Double);
            importer.Write(others, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
            importer.Write(new Vector(rows.Gallery.Landmarks[row].ToArray()));
            count++;
            report();
        }, cancellation);
        await importer.CompleteAsync(cancellation);
        return count;
    }

    private static void WriteId(NpgsqlBinaryImporter importer, string? id)
    {
        // Rows of a model of an old format have no ids, and those that came later have.
        if (string.IsNullOrEmpty(id))
            importer.WriteNull();
        else
            importer.Write(id, NpgsqlDbType.Text);
    }

    /// <summary>Works on each server in a transaction of its own, one after the other, and commits all where none has failed.</summary>
    private static async Task InTransactionsAsync(IReadOnlyList<NpgsqlDataSource> sources, Func<NpgsqlConnection, int, Task> work,
        CancellationToken cancellation)
    {
        List<NpgsqlConnection> connections = [];
        List<NpgsqlTransaction> transactions = [];
        try
        {
            foreach (NpgsqlDataSource source in sources)
            {
                connections.Add(await source.OpenConnectionAsync(cancellation));
                transactions.Add(await connections[^1].BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation));
                await work(connections[^1], connections.Count - 1);
            }

            // From the last one on nothing can be taken back, and nothing takes long.
            foreach (NpgsqlTransaction transaction in transactions)
                await transaction.CommitAsync(CancellationToken.None);
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

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
