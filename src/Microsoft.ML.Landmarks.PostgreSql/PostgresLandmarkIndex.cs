using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>
/// The rows of a model in PostgreSQL, where many programs ask and change them: with the same answers as the model with its rows in memory,
/// bit for bit.
/// </summary>
/// <remarks>
/// <para>The servers propose rows by the distances of pgvector; what is proposed is scored here, exactly, and votes here. Both searches of
/// a query see one state of the rows. Safe for use by several threads.</para>
/// <para>It is handed data sources, whose <c>NpgsqlDataSourceBuilder</c> was told <c>UseVector()</c>, and neither keeps nor tells how they
/// connect. They are the caller's, who disposes them.</para>
/// </remarks>
public sealed partial class PostgresLandmarkIndex : LandmarkIndex
{
    /// <summary>What a model's file calls such an index.</summary>
    internal const string Kind = "PostgreSql";

    private readonly NpgsqlDataSource[] _sources;
    private readonly IndexTables _tables;
    private readonly IndexHeader _attached;
    private readonly LandmarkLabels _labels;
    private readonly SemaphoreSlim _learningLabels = new(1);
    private readonly Lock _learningCounts = new();
    private volatile Counts _counts;
    private IReadOnlyList<float[]>? _probes;

    private PostgresLandmarkIndex(NpgsqlDataSource[] sources, IndexTables tables, IndexHeader attached, Counts counts)
    {
        (_sources, _tables, _attached, _counts) = (sources, tables, attached, counts);
        _labels = new LandmarkLabels(LabelTypes.Of(attached.LabelType));
        External = new ExternalRows(Kind, tables.Name, attached.Fingerprint, attached.Dimension);
    }

    /// <summary>The schema that holds it.</summary>
    public string Schema => _tables.Name;

    /// <inheritdoc/>
    public override int Dimension => _attached.Dimension;

    /// <inheritdoc/>
    public override long LandmarkRowCount => _counts.Landmarks;

    /// <inheritdoc/>
    public override long NonLandmarkRowCount => _counts.NonLandmarks;

    internal override ExternalRows External { get; }

    internal override IReadOnlyList<float[]>? Probes => _probes;

    internal override bool HasChanged => _counts.Changes > 0;

    internal override LandmarkLabels Labels => _labels;

    internal override bool KnowsIds => _attached.HasIds;

    internal override bool KnowsNonLandmarkIds => _attached.HasNonLandmarkIds;

    internal override int MostNeighbors => MostNeighborsOfShared;

    internal override int MostNonLandmarks => MostNeighborsOfShared;

    internal override int MostLandmarks => MostNeighborsOfShared;

    /// <summary>Takes up an index whose rows were loaded.</summary>
    /// <param name="sources">The servers that hold it, all of them, in any order.</param>
    /// <param name="schema">The schema, as it is called: no SQL.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">There is no server, or no schema may be called so.</exception>
    /// <exception cref="InvalidOperationException">There is no such index, or one of another format; nothing is loaded; a server is
    /// missing, stands there twice or differs from the others; or the data source does not know vectors.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public static async Task<PostgresLandmarkIndex> AttachAsync(
        IReadOnlyList<NpgsqlDataSource> sources, string schema, CancellationToken cancellation = default)
    {
        (NpgsqlDataSource[] ordered, IndexTables tables, IndexHeader[] headers) = await Servers.OrderAsync(sources, schema, cancellation);
        if (!headers[0].IsLoaded)
            throw Errors.NotLoaded(schema);
        var index = new PostgresLandmarkIndex(ordered, tables, headers[0], Counts.Of(headers));
        await index.LearnLabelsAsync(cancellation);
        await index.ReadProbesAsync(cancellation);
        return index;
    }

    /// <summary>Frees nothing: the data sources are the caller's.</summary>
    public override void Dispose()
    {
    }

    internal override long[] CountRows() => CountRowsAsync(CancellationToken.None).GetAwaiter().GetResult();

    internal override async ValueTask SearchAsync(ReadOnlyMemory<float> queries, LandmarkRequest request, LandmarkMatches matches,
        ParallelOptions parallelism)
    {
        int mostNeighbors = Math.Min(request.Neighbors, MostNeighbors), mostOthers = Math.Min(request.NonLandmarks, MostNonLandmarks);
        (NearestRows landmarks, NearestRows nonLandmarks, Counts counts) = await FindAsync(
            queries, mostNeighbors, mostOthers, request.PenaltyWeight, parallelism.CancellationToken);
        int queryCount = queries.Length / Dimension;
        int neighborCount = (int)Math.Min(mostNeighbors, counts.Landmarks);
        int nonLandmarkCount = (int)Math.Min(mostOthers, counts.NonLandmarks);
        matches.Reset(queryCount, neighborCount, nonLandmarkCount);
        Dictionary<long, string> ids = [], nonLandmarkIds = [];
        for (int query = 0; query < queryCount; query++)
        {
            Span<LandmarkNeighbor> neighbors = matches.NeighborsOf(query);
            Span<NonLandmarkNeighbor> others = matches.NonLandmarksOf(query);
            if (landmarks[query].Count != neighbors.Length || nonLandmarks[query].Count != others.Length)
                throw Errors.RowsMissing(Schema, neighbors.Length, landmarks[query].Count, others.Length, nonLandmarks[query].Count);
            for (int i = 0; i < neighbors.Length; i++)
            {
                FoundRow row = landmarks[query][i];
                neighbors[i] = row.ToNeighbor();
                ids[row.Row] = row.Id ?? "";
            }

            for (int i = 0; i < others.Length; i++)
            {
                FoundRow row = nonLandmarks[query][i];
                others[i] = new NonLandmarkNeighbor(row.Row, row.Cosine);
                nonLandmarkIds[row.Row] = row.Id ?? "";
            }
        }

        (matches.IdOf, matches.NonLandmarkIdOf) = (row => ids[row], row => nonLandmarkIds[row]);
    }

    internal override async ValueTask ExpandAsync(Memory<float> queries, int count, double penaltyWeight, ParallelOptions parallelism)
    {
        (NearestRows landmarks, _, _) = await FindAsync(queries, count, 0, penaltyWeight, parallelism.CancellationToken);
        var sums = new double[Dimension];
        for (int query = 0; query < queries.Length / Dimension; query++)
        {
            var rows = new UnitRows(Dimension);
            foreach (FoundRow row in landmarks[query])
                rows.Add(row.Values.Span);
            Neighbor[] neighbors = [.. landmarks[query].Select((row, place) => new Neighbor(place, row.Score))];
            QueryExpansion.Average(queries.Span.Slice(query * Dimension, Dimension), neighbors, rows, sums);
        }
    }

    private async Task<(NearestRows Landmarks, NearestRows NonLandmarks, Counts Counts)> FindAsync(ReadOnlyMemory<float> queries,
        int neighbors, int nonLandmarks, double weight, CancellationToken cancellation)
    {
        RowSearch searchedLandmarks = SearchOfLandmarks(weight);
        var searchedOthers = RowSearch.OfNonLandmarks(_tables, Dimension);
        (IndexHeader Header, (NearestRows Landmarks, NearestRows Others) Result)[] all = await ReadAsync(
            _sources, async (connection, header) =>
            {
                await RequireMeasuredAsync(connection, header, cancellation);
                NearestRows found = await searchedLandmarks.SearchAsync(connection, queries, neighbors, header.Landmarks, cancellation);
                // All servers have all non-landmarks, so one is asked.
                NearestRows others = await searchedOthers.SearchAsync(
                    connection, queries, header.Server == 0 ? nonLandmarks : 0, header.NonLandmarks, cancellation);
                return (found, others);
            }, cancellation);
        var counts = Counts.Of(all.Select(one => one.Header));
        if (counts.Landmarks == 0)
            throw Errors.NoLandmarks(Schema);
        Learn(counts);
        NearestRows landmarks = NearestRows.Merge(queries.Length / Dimension, neighbors, all.Select(one => one.Result.Landmarks));
        if (all.Max(one => one.Header.Labels) > _labels.LandmarkCount)
            await LearnLabelsAsync(cancellation);
        return (landmarks, all[0].Result.Others, counts);
    }

    private RowSearch SearchOfLandmarks(double weight) => RowSearch.OfLandmarks(_tables, Dimension, weight, HnswCandidates);

    private Task<(IndexHeader Header, T Result)[]> ReadAsync<T>(IReadOnlyList<NpgsqlDataSource> sources,
        Func<NpgsqlConnection, IndexHeader, Task<T>> read, CancellationToken cancellation)
        => Snapshot.ReadAsync(sources, _tables, (connection, header) =>
        {
            CheckSame(header);
            return read(connection, header);
        }, cancellation);

    // A schema may have been dropped and made anew while this one goes on, for a model in which numbers are other labels.
    private void CheckSame(IndexHeader header)
    {
        if (header.Identity != _attached.Identity)
            throw Errors.IndexReplaced(Schema);
    }

    private async Task LearnLabelsAsync(CancellationToken cancellation)
    {
        await _learningLabels.WaitAsync(cancellation);
        try
        {
            (_, List<LandmarkLabel> learned) = (await ReadAsync(_sources[..1], async (connection, _) =>
            {
                List<LandmarkLabel> labels = [];
                await using var command = new NpgsqlCommand(
                    $"select label from {_tables.Labels} where number >= $1 order by number", connection)
                { Parameters = { new() { Value = _labels.LandmarkCount } } };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                    labels.Add(LabelTypes.Read(_labels.Type, reader.GetString(0)));
                return labels;
            }, cancellation))[0];
            _labels.Append(learned);
        }
        finally
        {
            _learningLabels.Release();
        }
    }

    private async Task ReadProbesAsync(CancellationToken cancellation)
    {
        (_, List<float[]> probes) = (await ReadAsync(_sources[..1], (connection, _) => connection.QueryAsync(
            $"select features from {_tables.Probes} order by number", reader => reader.GetFieldValue<float[]>(0), cancellation),
            cancellation))[0];
        _probes = probes.Count == 0 ? null : probes;
    }

    private async Task<long[]> CountRowsAsync(CancellationToken cancellation)
    {
        await LearnLabelsAsync(cancellation);
        var counts = new long[_labels.LandmarkCount];
        foreach ((_, List<(int Landmark, long Count)> part) in await ReadAsync(_sources, async (connection, _) =>
        {
            List<(int, long)> rows = [];
            await using var command = new NpgsqlCommand(
                $"select landmark, count(*) from {_tables.Landmarks} group by landmark", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
            return rows;
        }, cancellation))
        {
            foreach ((int landmark, long count) in part)
            {
                if (landmark < counts.Length)
                    counts[landmark] += count;
            }
        }

        return counts;
    }

    // Of several that are learned at once, those of the latest state are kept.
    private void Learn(Counts counts)
    {
        lock (_learningCounts)
        {
            if (counts.Epoch > _counts.Epoch)
                _counts = counts;
        }
    }

    // Of all servers, in one state.
    private sealed record Counts(long Epoch, long Landmarks, long NonLandmarks, long Changes)
    {
        public static Counts Of(IEnumerable<IndexHeader> headers)
        {
            IndexHeader first = headers.First();
            return new Counts(first.Epoch, headers.Sum(header => header.Landmarks), first.NonLandmarks, first.Changes);
        }
    }
}
