using System.Globalization;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

// Landmark rows that an HNSW index proposes, where that is asked for.
public sealed partial class PostgresLandmarkIndex
{
    // Of pgvector: hnsw.ef_search, and the values of a vector in such an index.
    private const int MostCandidates = 1_000, MostHnswValues = 2_000;

    // The first whose HNSW indexes go on where rows are deleted.
    private static readonly Version s_iterativeScans = new(0, 8);

    // How those of the servers were built of which the recall was measured.
    private LandmarkHnswOptions?[] _measured = [];

    /// <summary>How many rows of a query its HNSW index proposes; null where searches are exact.</summary>
    public int? HnswCandidates { get; private init; }

    /// <summary>How well it finds the nearest rows, as it was measured; null where searches are exact.</summary>
    public LandmarkRecall? Recall { get; private init; }

    /// <summary>Whether landmark rows have become more by a fifth since <see cref="Recall"/> was measured, as far as was seen when the
    /// index was last asked: <see cref="Warning"/> says that it should be measured anew.</summary>
    public bool IsRecallOutdated => Recall?.IsOutdated(LandmarkRowCount) == true;

    /// <inheritdoc/>
    public override string? Warning
        => IsRecallOutdated ? Errors.RecallOutdated(Schema, LandmarkRowCount, Recall!.LandmarkRowCount, Date(Recall.Time)) : null;

    /// <summary>Makes an HNSW index of the landmark rows on each server, by which they can be searched without looking at all of them
    /// (<see cref="WithHnswAsync"/>). Nobody is searched for by it unasked. Readers go on meanwhile, and writers wait.</summary>
    /// <param name="owners">The servers that hold the index, by the role that made it.</param>
    /// <param name="schema">The schema, as it is called.</param>
    /// <param name="options">How it is built; null for what pgvector does by itself.</param>
    /// <param name="cancellation">Ends it, and nothing is left.</param>
    /// <remarks>The rows and their penalties are indexed as an expression, so that nothing is stored twice. How much memory the building
    /// may take is the server's <c>maintenance_work_mem</c>: with less than the index it takes many times as long.</remarks>
    /// <exception cref="ArgumentException"><see cref="LandmarkHnswOptions.EfConstruction"/> is less than twice
    /// <see cref="LandmarkHnswOptions.M"/>; there is no server, or no schema may be called so.</exception>
    /// <exception cref="InvalidOperationException">Rows are longer than 1,999 values; there is one already; the role is not the owner; the
    /// server's pgvector is older than 0.8; or there is no such index, or nothing is loaded.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public static async Task CreateHnswAsync(IReadOnlyList<NpgsqlDataSource> owners, string schema, LandmarkHnswOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        if (options.EfConstruction < 2 * options.M)
            throw Errors.EfConstruction(options.EfConstruction, options.M, nameof(options));
        (NpgsqlDataSource[] ordered, IndexTables tables, IndexHeader[] headers) = await Servers.OrderAsync(owners, schema, cancellation);
        if (!headers[0].IsLoaded)
            throw Errors.NotLoaded(schema);
        int dimension = headers[0].Dimension;
        if (dimension + 1 > MostHnswValues)
            throw Errors.TooLongForHnsw(schema, dimension, MostHnswValues - 1);
        await ChangeHnswAsync(schema, ordered, tables, async connections =>
        {
            // What is known before is not told hours later.
            foreach (NpgsqlConnection connection in connections)
            {
                await RequireIterativeScansAsync(connection, cancellation);
                if (await connection.IsThereAsync(tables.Hnsw, cancellation))
                    throw Errors.HnswThere(schema);
            }

            await CreateRecallsAsync(connections[0], tables, cancellation);
            await Task.WhenAll(connections.Select(async connection =>
            {
                await using var create = new NpgsqlCommand(tables.CreateHnsw(dimension, options), connection) { CommandTimeout = 0 };
                await create.ExecuteNonQueryAsync(cancellation);
            }));
        }, cancellation);
    }

    /// <summary>Drops the HNSW index of each server, and what was measured of it.</summary>
    /// <exception cref="ArgumentException">There is no server, or no schema may be called so.</exception>
    /// <exception cref="InvalidOperationException">No server has one; the role is not the owner; or there is no such index.</exception>
    /// <inheritdoc cref="CreateHnswAsync"/>
    public static async Task DropHnswAsync(
        IReadOnlyList<NpgsqlDataSource> owners, string schema, CancellationToken cancellation = default)
    {
        (NpgsqlDataSource[] ordered, IndexTables tables, _) = await Servers.OrderAsync(owners, schema, cancellation);
        await ChangeHnswAsync(schema, ordered, tables, async connections =>
        {
            bool isThere = false;
            foreach (NpgsqlConnection connection in connections)
            {
                isThere |= await connection.IsThereAsync(tables.Hnsw, cancellation);
                await connection.ExecuteAsync($"drop index if exists {tables.Hnsw}; drop table if exists {tables.Recalls}", cancellation);
            }

            if (!isThere)
                throw Errors.NoHnsw(schema);
        }, cancellation);
    }

    /// <summary>The same index, whose landmark rows are searched by the HNSW indexes of its servers: not all of the nearest are found, and
    /// <see cref="CheckRecallAsync"/> must have measured how many are. Non-landmarks are searched exactly as before, as are penalties that
    /// changes need.</summary>
    /// <param name="candidates">How many rows of a query each server's HNSW index proposes, from 1 to 1,000 (hnsw.ef_search); they are
    /// scored here, exactly, and those that are nearest vote. A query of which it finds fewer rows than vote is searched exactly.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>An index of its own; this one goes on exactly as before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1 or more than 1,000.</exception>
    /// <exception cref="InvalidOperationException">A server has no HNSW index, or would not use it, or its pgvector is older than 0.8; or
    /// nobody has measured a recall of so many candidates.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public async Task<PostgresLandmarkIndex> WithHnswAsync(int candidates, CancellationToken cancellation = default)
    {
        RequireCandidates(candidates);
        (LandmarkRecall[] recalls, LandmarkHnswOptions?[] measured) = await ReadRecallsAsync(candidates, cancellation);
        LandmarkRecall recall = recalls.FirstOrDefault(recall => recall.Candidates == candidates)
            ?? throw Errors.NoRecall(Schema, candidates, [.. recalls.Select(recall => (long)recall.Candidates)]);
        PostgresLandmarkIndex index = await SearchedByAsync(candidates, recall, cancellation);
        index._measured = measured;
        return index;
    }

    internal override void CheckAsked(int neighbors, double penaltyWeight, int queryExpansion)
    {
        if (Recall is { } recall && (recall.Neighbors, recall.PenaltyWeight, recall.QueryExpansion)
            != (neighbors, penaltyWeight, queryExpansion))
        {
            throw Errors.RecallOfOtherModel(Schema, recall.Candidates, recall.Neighbors, recall.PenaltyWeight, recall.QueryExpansion,
                neighbors, penaltyWeight, queryExpansion);
        }
    }

    private static void RequireCandidates(int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates, MostCandidates);
    }

    private static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<bool> ChangeHnswAsync(string schema, NpgsqlDataSource[] sources, IndexTables tables,
        Func<NpgsqlConnection[], Task> change, CancellationToken cancellation)
        => Attempts.RunAsync(schema, () => Transactions.RunAsync(schema, sources, async connections =>
    {
        try
        {
            // Writers wait here, and not in the midst of a change.
            foreach (NpgsqlConnection connection in connections)
                await connection.ExecuteAsync($"lock table {tables.NonLandmarks} in share row exclusive mode", cancellation);
            await change(connections);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw Errors.NotOwner(schema, e);
        }
    }, cancellation), cancellation, most: 1);

    private static async Task RequireIterativeScansAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        string version = (await connection.QueryAsync("select extversion from pg_extension where extname = 'vector'",
            reader => reader.GetString(0), cancellation)).Single();
        if (Version.TryParse(version, out Version? found) && found < s_iterativeScans)
            throw Errors.OldVector(version, $"{s_iterativeScans}");
    }

    // Its owner is that of the index, whoever makes it. Who may read the index may read what was measured, and who may write there may
    // measure.
    private static async Task CreateRecallsAsync(NpgsqlConnection connection, IndexTables tables, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(tables.CreateRecalls(), cancellation);
        string owner = (await connection.QueryAsync(
            "select quote_ident(pg_get_userbyid(relowner)) from pg_class where oid = $1::text::regclass", reader => reader.GetString(0),
            cancellation, tables.Index)).Single();
        await connection.ExecuteAsync($"alter table {tables.Recalls} owner to {owner}", cancellation);
        foreach ((string role, bool isWriter) in await connection.QueryAsync("""
            select case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
              bool_or(a.privilege_type = 'UPDATE')
            from pg_class c cross join aclexplode(c.relacl) a
            where c.oid = $1::text::regclass and a.grantee <> c.relowner group by a.grantee
            """, reader => (reader.GetString(0), reader.GetBoolean(1)), cancellation, tables.Index))
            await connection.ExecuteAsync(tables.GrantRecalls(role, isWriter), cancellation);
    }

    // It may be dropped while it is asked, and another one made.
    private async Task RequireMeasuredAsync(NpgsqlConnection connection, IndexHeader header, CancellationToken cancellation)
    {
        if (Recall is not null && await ReadHnswAsync(connection, cancellation) is var found && found != _measured[header.Server])
            throw found is null ? Errors.NoHnsw(Schema) : Errors.HnswRebuilt(Schema);
    }

    // How that of a server is built; null where it has none, or something else of that name.
    private async Task<LandmarkHnswOptions?> ReadHnswAsync(NpgsqlConnection connection, CancellationToken cancellation)
        => (await connection.QueryAsync("""
            select c.reloptions from pg_class c join pg_am a on a.oid = c.relam join pg_index i on i.indexrelid = c.oid
            where c.oid = to_regclass($1) and a.amname = 'hnsw' and i.indisvalid
            """, reader => ReadOptions(reader.IsDBNull(0) ? [] : reader.GetFieldValue<string[]>(0)), cancellation, _tables.Hnsw))
            .SingleOrDefault();

    // As PostgreSQL keeps them: NAME=VALUE, of those that were given.
    private static LandmarkHnswOptions ReadOptions(string[] texts)
    {
        var options = new LandmarkHnswOptions();
        foreach (string[] parts in texts.Select(text => text.Split('=')))
        {
            int value = int.Parse(parts[1], CultureInfo.InvariantCulture);
            options = parts[0] == "m" ? options with { M = value } : options with { EfConstruction = value };
        }

        return options;
    }

    // An index of the same rows that is searched by other means.
    private async Task<PostgresLandmarkIndex> SearchedByAsync(int? candidates, LandmarkRecall? recall, CancellationToken cancellation)
    {
        var index = new PostgresLandmarkIndex(_sources, _tables, _attached, _counts)
        {
            HnswCandidates = candidates,
            Recall = recall,
            _probes = _probes,
        };
        await index.LearnLabelsAsync(cancellation);
        return index;
    }
}
