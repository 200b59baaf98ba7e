using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

// What there is.
public sealed partial class PostgresLandmarkIndex
{
    /// <summary>Raised by each change, and the same on all servers; as it was when they were last asked.</summary>
    public long Epoch => _counts.Epoch;

    /// <summary>Whether rows have ids, by which they can be removed.</summary>
    public bool HasIds => KnowsIds;

    /// <summary>Asks all servers for the state of the index, and for nothing else: whether they answer, and how many rows there
    /// are.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidOperationException">The index is there no more, or is another model's now; servers differ; or an HNSW
    /// index by which it is searched is there no more, or was built otherwise.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public Task RefreshAsync(CancellationToken cancellation = default) => ReadStateAsync(async (connection, header) =>
    {
        await RequireMeasuredAsync(connection, header, cancellation);
        return true;
    }, cancellation);

    /// <summary>Looks at the index: all landmark rows are counted.</summary>
    /// <inheritdoc cref="RefreshAsync"/>
    public async Task<LandmarkIndexInfo> DescribeAsync(CancellationToken cancellation = default)
    {
        // First, since new landmarks are learned by that.
        long[] counts = await CountRowsAsync(cancellation);
        LandmarkInfo[] landmarks = [.. _labels.Texts.Zip(counts, (label, count)
            => new LandmarkInfo(label, Name: null, (int)Math.Min(count, int.MaxValue)))];
        (IndexHeader Header, (LandmarkHnswOptions? Hnsw, KeptRecall[] Recalls) Found)[] servers = await ReadAsync(
            _sources, async (connection, header) => (await ReadHnswAsync(connection, cancellation),
                await ReadRecallsAsync(connection, header, cancellation) ?? []), cancellation);
        IndexHeader[] headers = [.. servers.Select(server => server.Header)];
        Learn(Counts.Of(headers));
        return new LandmarkIndexInfo
        {
            Schema = Schema,
            Format = IndexTables.Format,
            Dimension = Dimension,
            PenaltyNeighbors = _attached.PenaltyNeighbors,
            Fingerprint = _attached.Fingerprint,
            LabelType = _attached.LabelType,
            NonLandmarkLabel = _attached.NonLandmarkLabel,
            HasIds = HasIds,
            IsSmoothed = _attached.IsSmoothed,
            ServerRowCounts = [.. headers.Select(header => header.Landmarks)],
            LandmarkRowCount = LandmarkRowCount,
            NonLandmarkRowCount = NonLandmarkRowCount,
            Changes = headers[0].Changes,
            Hnsw = servers.All(server => server.Found.Hnsw is not null) ? servers[0].Found.Hnsw : null,
            Recalls = Counting(servers[0].Found.Recalls, servers.Select(server => server.Found.Hnsw)),
            Landmarks = [.. landmarks.Where(landmark => landmark.RowCount > 0)],
        };
    }

    /// <summary>Which of some ids rows have, landmarks or non-landmarks.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Those that are there; none where rows have no ids.</returns>
    /// <inheritdoc cref="RefreshAsync"/>
    public async Task<IReadOnlySet<string>> FindAsync(IEnumerable<string> ids, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        string[] asked = [.. ids.Where(id => id.Length > 0).Distinct()];
        HashSet<string> found = [];
        if (!KnowsIds || asked.Length == 0)
            return found;
        await ReadStateAsync(async (connection, header) =>
        {
            // All servers have all non-landmarks, so one is asked.
            string nonLandmarks = header.Server == 0 ? $"union all select id from {_tables.NonLandmarks} where id = any($1)" : "";
            List<string> some = await connection.QueryAsync($"select id from {_tables.Landmarks} where id = any($1) {nonLandmarks}",
                reader => reader.GetString(0), cancellation, [asked]);
            lock (found)
                found.UnionWith(some);
            return true;
        }, cancellation);
        return found;
    }

    private async Task<IndexHeader[]> ReadStateAsync(
        Func<NpgsqlConnection, IndexHeader, Task<bool>> read, CancellationToken cancellation)
    {
        IndexHeader[] headers = [.. (await ReadAsync(_sources, read, cancellation)).Select(server => server.Header)];
        Learn(Counts.Of(headers));
        return headers;
    }
}
