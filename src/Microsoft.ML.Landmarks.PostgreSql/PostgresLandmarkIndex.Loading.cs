using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

// How an index is made, and how a model's rows come into it.
public sealed partial class PostgresLandmarkIndex
{
    // As often progress is told.
    private const int RowsBetweenReports = 1_000;

    /// <summary>Whether an index can be made, or loaded: asked before hours of work on its rows.</summary>
    /// <param name="sources">The servers that are to hold it.</param>
    /// <param name="schema">The schema, as it is called.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidOperationException">A server has such a schema that is no index, or an index of another format; servers
    /// differ, one is missing or stands there twice; or the database lacks pgvector.</exception>
    /// <inheritdoc cref="AttachAsync"/>
    public static async Task<LandmarkIndexState> GetStateAsync(
        IReadOnlyList<NpgsqlDataSource> sources, string schema, CancellationToken cancellation = default)
    {
        Servers.Check(sources, schema);
        bool[] have = await Attempts.RunAsync(schema, () => Task.WhenAll(sources.Select(async source =>
        {
            await using NpgsqlCommand command = source.CreateCommand("select exists (select from pg_namespace where nspname = $1)");
            command.Parameters.Add(new() { Value = schema });
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        })), cancellation);
        if (!have.Contains(true))
            return LandmarkIndexState.Missing;
        (_, _, IndexHeader[] headers) = await Servers.OrderAsync(sources, schema, cancellation);
        return headers[0].IsLoaded ? LandmarkIndexState.Loaded : LandmarkIndexState.Empty;
    }

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
        Servers.Check(owners, schema);
        IndexHeader header = new IndexRows(model).Header;
        await Attempts.RunAsync(schema, () => Transactions.RunAsync(schema, owners, async connections =>
        {
            foreach ((int server, NpgsqlConnection connection) in connections.Index())
                await CreateOnAsync(connection, schema, header with { Server = server, ServerCount = owners.Count }, roles, cancellation);
            return true;
        }, cancellation), cancellation);
    }

    /// <summary>Puts the rows of a model into an index that <see cref="CreateAsync"/> made for it, in one transaction of each server:
    /// nothing is left of a failed one.</summary>
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
        float[][] probes = rows.EmbedProbes();
        long sent = 0;
        // Once: it may be the work of an hour, and whoever waits sees its progress.
        await Attempts.RunAsync(schema, () => Transactions.RunAsync(schema, ordered, async connections =>
        {
            foreach ((int server, NpgsqlConnection connection) in connections.Index())
            {
                // Another one may be loading it: the second waits here, and finds it loaded.
                await connection.ExecuteAsync($"lock table {tables.NonLandmarks} in share row exclusive mode", cancellation);
                CheckLoadable(schema, [await IndexHeader.ReadAsync(connection, tables, cancellation)], rows.Header);
                await SendLabelsAsync(connection, tables, rows, cancellation);
                foreach ((int number, float[] features) in probes.Index())
                    await connection.ExecuteAsync($"insert into {tables.Probes} values ($1, $2)", cancellation, number, features);
                await SendNonLandmarksAsync(connection, tables, rows, Report, cancellation);
                long landmarks = await SendLandmarksAsync(connection, tables, rows, server, connections.Length, Report, cancellation);
                await connection.ExecuteAsync($"""
                    update {tables.Index} set is_loaded = true, landmarks = $1, non_landmarks = $2, next_landmark = $3,
                      next_non_landmark = $2, epoch = epoch + 1
                    """, cancellation, landmarks, (long)rows.Gallery.NonLandmarks.Count, (long)rows.Gallery.Landmarks.Count);
                // The planner knows nothing of them before, and needs to know little: from a tenth of the usual sample, which would take a
                // third as long as sending 100,000 rows. A role that does not own the tables is told, and they are left as they are.
                await connection.ExecuteAsync("set local default_statistics_target = 10", cancellation);
                await connection.ExecuteAsync($"analyze {tables.Landmarks}, {tables.NonLandmarks}", cancellation);
            }

            return true;
        }, cancellation), cancellation, most: 1);
        progress?.Report(sent);
        return await AttachAsync(ordered, schema, cancellation);

        void Report()
        {
            if (++sent % RowsBetweenReports == 0)
                progress?.Report(sent);
        }
    }

    private static async Task CreateOnAsync(NpgsqlConnection connection, string schema, IndexHeader header, LandmarkIndexRoles? roles,
        CancellationToken cancellation)
    {
        try
        {
            await connection.ExecuteAsync("create extension if not exists vector", cancellation);
            IndexTables tables = await IndexTables.OfAsync(connection, schema, cancellation);
            await connection.ExecuteAsync(tables.Create(header.Dimension), cancellation);
            await connection.ExecuteAsync($"""
                insert into {tables.Index} (format, identity, dimension, penalty_neighbors, fingerprint, label_type, has_ids,
                  has_non_landmark_ids, is_smoothed, non_landmark_label, server, servers)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """, cancellation, IndexTables.Format, header.Identity, header.Dimension, header.PenaltyNeighbors, header.Fingerprint,
                header.LabelType, header.HasIds, header.HasNonLandmarkIds, header.IsSmoothed, header.NonLandmarkLabel, header.Server,
                header.ServerCount);
            foreach (string role in roles?.Readers ?? [])
                await connection.ExecuteAsync(tables.GrantReading(role), cancellation);
            foreach (string role in roles?.Writers ?? [])
                await connection.ExecuteAsync(tables.GrantWriting(role), cancellation);
        }
        catch (PostgresException e) when (Errors.OfCreating(schema, e) is { } error)
        {
            throw error;
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

    private static async Task SendLabelsAsync(
        NpgsqlConnection connection, IndexTables tables, IndexRows rows, CancellationToken cancellation)
    {
        await using RowImport import = await RowImport.OfLabelsAsync(connection, tables, cancellation);
        foreach ((int number, string label) in rows.Gallery.Labels.Texts.Index())
            import.WriteLabel(number, label);
        await import.CompleteAsync(cancellation);
    }

    private static async Task SendNonLandmarksAsync(
        NpgsqlConnection connection, IndexTables tables, IndexRows rows, Action report, CancellationToken cancellation)
    {
        await using RowImport import = await RowImport.OfNonLandmarksAsync(connection, tables, cancellation);
        for (int row = 0; row < rows.Gallery.NonLandmarks.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            import.WriteNonLandmark(row, rows.Gallery.NonLandmarkIds?[row], rows.Gallery.NonLandmarks[row]);
            report();
        }

        await import.CompleteAsync(cancellation);
    }

    private static async Task<long> SendLandmarksAsync(NpgsqlConnection connection, IndexTables tables, IndexRows rows, int server,
        int serverCount, Action report, CancellationToken cancellation)
    {
        long count = 0;
        await using RowImport import = await RowImport.OfLandmarksAsync(connection, tables, cancellation);
        rows.VisitLandmarks((row, nearest) =>
        {
            string? id = rows.Gallery.Ids?[row];
            if (Servers.Of(id, row, serverCount) != server)
                return;
            import.WriteLandmark(row, id, rows.Gallery.Labels.LandmarkOfRow[row], rows.Gallery.Penalties[row], nearest,
                rows.Gallery.Landmarks[row]);
            count++;
            report();
        }, cancellation);
        await import.CompleteAsync(cancellation);
        return count;
    }
}
