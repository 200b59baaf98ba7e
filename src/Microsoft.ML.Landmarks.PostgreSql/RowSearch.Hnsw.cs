using Npgsql;
using Pgvector;

namespace Microsoft.ML.Landmarks.PostgreSql;

// Landmark rows that an HNSW index proposes.
internal sealed partial class RowSearch
{
    // Rows that the index proposes. Of a query of which it proposes too few, since it looks no further, all rows are looked at.
    private async Task SearchByHnswAsync(NpgsqlConnection connection, Batch batch, long rowCount, CancellationToken cancellation)
    {
        await using (NpgsqlBatch statements = ByHnsw(connection, batch.Vectors(), batch.Count))
        await using (NpgsqlDataReader reader = await ExecuteAsync(statements, cancellation))
            await ReadAsync(reader, batch, cancellation);
        for (int query = 0; query < batch.QueryCount; query++)
        {
            if (batch.Come[query] < Math.Min(batch.Count, rowCount))
                await SearchAgainAsync(connection, batch, query, cancellation);
        }
    }

    /// <summary>Whether the server would search by the index.</summary>
    /// <param name="connection">To the server, in a transaction.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public async Task<bool> UsesHnswAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlBatch statements = ByHnsw(connection, [new Vector(new float[_dimension])], count: 1, "explain (format json) ");
        await using NpgsqlDataReader reader = await ExecuteAsync(statements, cancellation);
        return await reader.ReadAsync(cancellation)
            && reader.GetString(0).Contains($"\"Index Name\": \"{IndexTables.HnswName}\"", StringComparison.Ordinal);
    }

    // Its settings hold for the transaction; but that a scan is to be avoided, for this search alone. Without an index of that name the
    // first statement fails, and the search is not made. Rows that are deleted and still in the index, and those of other landmarks when
    // more are ranked, cost a scan none of its answer: it goes on (iterative_scan), in order, so that a deeper one begins with the same.
    private NpgsqlBatch ByHnsw(NpgsqlConnection connection, Vector[] queries, int count, string prefix = "") => new(connection)
    {
        BatchCommands =
        {
            new("""
                select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'strict_order', true),
                  set_config('enable_seqscan', 'off', true), $2::text::regclass
                """)
            {
                Parameters = { new() { Value = $"{_candidates}" }, new() { Value = _tables.Hnsw } },
            },
            new(prefix + Each($"unnest({_vectors}, $5::{_tables.Vector}[]) with ordinality q(v, augmented, n)",
                _tables.HnswDistance("q.augmented", _dimension)))
            {
                Parameters =
                {
                    new() { Value = queries },
                    new() { Value = count },
                    new() { Value = 2 * Error },
                    new() { Value = (long)Math.Max(_candidates!.Value, count) },
                    new() { Value = Array.ConvertAll(queries, query => new Vector((float[])[.. query.Memory.Span, (float)_weight!])) },
                },
            },
            new("set local enable_seqscan to default"),
        },
    };

    // The rows of the second statement are read.
    private async Task<NpgsqlDataReader> ExecuteAsync(NpgsqlBatch statements, CancellationToken cancellation)
    {
        NpgsqlDataReader? reader = null;
        try
        {
            reader = await statements.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            return reader;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable
            && e.MessageText.Contains(IndexTables.HnswName, StringComparison.Ordinal))
        {
            throw Errors.NoHnsw(_tables.Name, e);
        }
    }
}
