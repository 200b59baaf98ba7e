using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

// How many of the nearest rows are among those that an HNSW index proposes.
public sealed partial class PostgresLandmarkIndex
{
    /// <summary>Measures how well the HNSW indexes of its servers find what an exact search finds: asks queries both ways of one state of
    /// the rows, and has the index keep the result, if the role may write.</summary>
    /// <param name="model">A model whose rows these are: its steps make features of the queries, and its settings say how many rows vote,
    /// and what penalties weigh.</param>
    /// <param name="queries">Rows as the model takes them, photographs say, as they are asked: the index's own rows flatter it. Those that
    /// can't be compared, as photographs that can't be read, are left out.</param>
    /// <param name="candidates">How many rows of a query each server's HNSW index proposes, from 1 to 1,000 (hnsw.ef_search).</param>
    /// <param name="cancellation">Ends it, and nothing is kept.</param>
    /// <returns>The recall, which counts from now on for so many candidates.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Candidates are less than 1 or more than 1,000, or a column is missing.</exception>
    /// <exception cref="ArgumentException">There is no query.</exception>
    /// <exception cref="InvalidOperationException">A server has no HNSW index, or would not use it, or its pgvector is older than 0.8; or
    /// the model is another.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public async Task<LandmarkRecall> CheckRecallAsync(
        ITransformer model, IDataView queries, int candidates, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(queries);
        RequireCandidates(candidates);
        // Before hours of work on photographs.
        await ReadRecallsAsync(candidates, cancellation);
        PostgresLandmarkIndex exact = await SearchedByAsync(null, null, cancellation),
            approximate = await SearchedByAsync(candidates, null, cancellation);
        var steps = new LandmarkSteps(model.WithIndex(exact));
        IDataView features = steps.Before.Aggregate(queries, (view, step) => step.Transform(view));
        UnitRows asked = steps.Step.ReadQueries(features, cancellation);
        if (asked.Count == 0)
            throw Errors.NoQueries(nameof(queries));
        KeptRecall measured = await approximate.MeasureAsync(
            exact, asked.Gather([.. Enumerable.Range(0, asked.Count)]), steps.Landmarks.Settings, cancellation);
        return measured.Recall with { IsStored = await StoreAsync(measured, cancellation) };
    }

    // What was measured, by numbers of candidates, and of what; each server is asked whether it would search by its HNSW index.
    private async Task<(LandmarkRecall[] Recalls, LandmarkHnswOptions?[] Measured)> ReadRecallsAsync(
        int candidates, CancellationToken cancellation)
    {
        var search = RowSearch.OfLandmarks(_tables, Dimension, weight: 1, candidates);
        (IndexHeader, (LandmarkHnswOptions? Hnsw, KeptRecall[] Recalls) Found)[] servers = await ReadAsync(
            _sources, async (connection, header) =>
            {
                await RequireIterativeScansAsync(connection, cancellation);
                if (!await search.UsesHnswAsync(connection, cancellation))
                    throw Errors.HnswNotUsed(Schema);
                // Where there is no table of them, somebody made the HNSW index alone.
                return (await ReadHnswAsync(connection, cancellation),
                    await ReadRecallsAsync(connection, header, cancellation) ?? throw Errors.NoHnsw(Schema));
            }, cancellation);
        LandmarkHnswOptions?[] measured = [.. servers.Select(server => server.Found.Hnsw)];
        return (Counting(servers[0].Found.Recalls, measured), measured);
    }

    // What the first server keeps, and nothing of others; null where it has no table for that.
    private async Task<KeptRecall[]?> ReadRecallsAsync(
        NpgsqlConnection connection, IndexHeader header, CancellationToken cancellation)
    {
        if (header.Server > 0)
            return [];
        if (!await connection.IsThereAsync(_tables.Recalls, cancellation))
            return null;
        return [.. await connection.QueryAsync($"""
            select distinct on (built, candidates) candidates, time, neighbors, penalty_weight, landmarks, queries, found_neighbors,
              all_neighbors, same_landmarks, built, own_rows, query_expansion
            from {_tables.Recalls} order by built, candidates, time desc
            """, reader => new KeptRecall(reader.GetString(9), new LandmarkRecall
        {
            Candidates = reader.GetInt32(0),
            Time = reader.GetFieldValue<DateTimeOffset>(1),
            Neighbors = reader.GetInt32(2),
            PenaltyWeight = reader.GetDouble(3),
            LandmarkRowCount = reader.GetInt64(4),
            QueryCount = reader.GetInt32(5),
            FoundNeighborCount = reader.GetInt64(6),
            NeighborCount = reader.GetInt64(7),
            SameLandmarkCount = reader.GetInt32(8),
            OwnRowCount = reader.GetInt32(10),
            QueryExpansion = reader.GetInt32(11),
            IsStored = true,
        }), cancellation)];
    }

    // Of indexes that are built otherwise now, by somebody's own SQL, nothing was measured.
    private static LandmarkRecall[] Counting(KeptRecall[] recalls, IEnumerable<LandmarkHnswOptions?> servers)
    {
        string built = Built(servers);
        return [.. recalls.Where(kept => kept.Built == built).Select(kept => kept.Recall)];
    }

    private static string Built(IEnumerable<LandmarkHnswOptions?> servers)
        => string.Join(", ", servers.Select(hnsw => hnsw is null ? "" : $"m {hnsw.M} ef_construction {hnsw.EfConstruction}"));

    private async Task<KeptRecall> MeasureAsync(
        PostgresLandmarkIndex exact, float[] queries, KnnLandmarkSettings settings, CancellationToken cancellation)
    {
        int neighbors = Math.Min(settings.NumberOfNeighbors, MostNeighbors);
        double weight = settings.Vote.TrainingPenaltyWeight;
        // As they are asked: each way draws queries towards the rows that it finds itself.
        float[] given = [.. queries], asked = [.. queries];
        if (settings.QueryExpansion > 0)
        {
            var parallelism = new ParallelOptions { CancellationToken = cancellation };
            await exact.ExpandAsync(queries, settings.QueryExpansion, weight, parallelism);
            await ExpandAsync(asked, settings.QueryExpansion, weight, parallelism);
        }

        RowSearch all = exact.SearchOfLandmarks(weight), proposed = SearchOfLandmarks(weight);
        (IndexHeader Header, (NearestRows Nearest, NearestRows Found, LandmarkHnswOptions? Hnsw) Result)[] servers = await ReadAsync(
            _sources, async (connection, header) =>
            (
                await all.SearchAsync(connection, queries, neighbors, header.Landmarks, cancellation),
                await proposed.SearchAsync(connection, asked, neighbors, header.Landmarks, cancellation),
                await ReadHnswAsync(connection, cancellation)
            ), cancellation);
        var counts = Counts.Of(servers.Select(server => server.Header));
        if (counts.Landmarks == 0)
            throw Errors.NoLandmarks(Schema);
        int queryCount = queries.Length / Dimension;
        NearestRows nearest = NearestRows.Merge(queryCount, neighbors, servers.Select(server => server.Result.Nearest)),
            found = NearestRows.Merge(queryCount, neighbors, servers.Select(server => server.Result.Found));
        return new KeptRecall(Built(servers.Select(server => server.Result.Hnsw)), new LandmarkRecall
        {
            // As the server keeps it.
            Time = new DateTimeOffset(DateTimeOffset.UtcNow.Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, default),
            Candidates = HnswCandidates!.Value,
            Neighbors = settings.NumberOfNeighbors,
            PenaltyWeight = weight,
            QueryExpansion = settings.QueryExpansion,
            LandmarkRowCount = counts.Landmarks,
            QueryCount = queryCount,
            OwnRowCount = Enumerable.Range(0, queryCount).Count(query => nearest[query].Any(row => IsSame(
                given.AsSpan(query * Dimension, Dimension), row.Values.Span))),
            NeighborCount = Enumerable.Range(0, queryCount).Sum(query => (long)nearest[query].Count),
            FoundNeighborCount = Enumerable.Range(0, queryCount).Sum(
                query => (long)nearest[query].IntersectBy(found[query].Select(row => row.Row), row => row.Row).Count()),
            SameLandmarkCount = Enumerable.Range(0, queryCount).Count(
                query => Vote(nearest[query], settings.Vote) == Vote(found[query], settings.Vote)),
        });
    }

    // Of unit length both.
    private static bool IsSame(ReadOnlySpan<float> query, ReadOnlySpan<float> row)
        => 1 - ExactDot.Compute(query, row) <= RowSearch.ErrorOf(query.Length);

    private static int Vote(IReadOnlyList<FoundRow> rows, VoteSettings settings)
    {
        LandmarkNeighbor[] neighbors = [.. rows.Select(row => row.ToNeighbor())];
        return VotedAnswer.Create(
            neighbors, [], settings, new double[neighbors.Length], new RankedLandmark[neighbors.Length]).Landmarks[0].Landmark;
    }

    /// <returns>Whether the role may do that.</returns>
    private async Task<bool> StoreAsync(KeptRecall measured, CancellationToken cancellation)
    {
        LandmarkRecall recall = measured.Recall;
        try
        {
            return await Attempts.RunAsync(Schema, () => Transactions.RunAsync(Schema, _sources[..1], async connections =>
            {
                CheckSame(await IndexHeader.ReadAsync(connections[0], _tables, cancellation));
                await connections[0].ExecuteAsync($"""
                    insert into {_tables.Recalls} (candidates, time, neighbors, penalty_weight, landmarks, queries, found_neighbors,
                      all_neighbors, same_landmarks, built, own_rows, query_expansion)
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                    """, cancellation, recall.Candidates, recall.Time, recall.Neighbors, recall.PenaltyWeight, recall.LandmarkRowCount,
                    recall.QueryCount, recall.FoundNeighborCount, recall.NeighborCount, recall.SameLandmarkCount, measured.Built,
                    recall.OwnRowCount, recall.QueryExpansion);
                return true;
            }, cancellation), cancellation);
        }
        catch (InvalidOperationException e) when (e.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction,
        })
        {
            return false;
        }
    }

    // With how the indexes of all servers were built then.
    private sealed record KeptRecall(string Built, LandmarkRecall Recall);
}
