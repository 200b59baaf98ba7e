using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;
using Pgvector;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>
/// One change of an index's rows, after which penalties are the bits of a model that is fitted to the rows that there are: the old ones,
/// and then the new ones.
/// </summary>
/// <remarks>
/// Writers of landmarks read the non-landmarks, so they go together, and nobody changes non-landmarks meanwhile; who changes non-landmarks
/// goes alone. A lock of the table keeps that, taken before anything is read: without it a landmark and a non-landmark that come at once
/// would not know of each other. Readers never wait.
/// </remarks>
/// <param name="connections">To the servers, each in its transaction.</param>
/// <param name="tables">The index.</param>
/// <param name="header">What it says of itself.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class RowChanges(NpgsqlConnection[] connections, IndexTables tables, IndexHeader header, CancellationToken cancellation)
{
    // Rows whose nearest non-landmarks are searched, or that are compared with new ones, at once.
    private const int RowsAtOnce = 128;

    private readonly RowSearch _nonLandmarks = RowSearch.OfNonLandmarks(tables, header.Dimension);
    // What the landmark rows of each server become more by.
    private readonly int[] _moreLandmarks = new int[connections.Length];
    private long _nonLandmarkCount = header.NonLandmarks;

    /// <summary>What the index says of itself, before the change.</summary>
    public IndexHeader Header => header;

    /// <summary>Begins it, before anything is read.</summary>
    /// <param name="connections">To the servers, each in its transaction.</param>
    /// <param name="tables">The index.</param>
    /// <param name="changesNonLandmarks">Whether non-landmarks come or go.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RowChanges> BeginAsync(
        NpgsqlConnection[] connections, IndexTables tables, bool changesNonLandmarks, CancellationToken cancellation)
    {
        foreach (NpgsqlConnection connection in connections)
        {
            await connection.ExecuteAsync(
                $"lock table {tables.NonLandmarks} in {(changesNonLandmarks ? "share row exclusive" : "share")} mode", cancellation);
        }

        IndexHeader header = await IndexHeader.ReadAsync(connections[0], tables, cancellation);
        return new RowChanges(connections, tables, header, cancellation);
    }

    /// <summary>Which rows have one of some ids.</summary>
    public async Task<FoundIds> FindAsync(IReadOnlyCollection<string> ids)
    {
        string[] asked = [.. ids];
        List<string> landmarks = [], nonLandmarks = [];
        if (asked.Length > 0)
        {
            foreach (NpgsqlConnection connection in connections)
            {
                landmarks.AddRange(await connection.QueryAsync(
                    $"select id from {tables.Landmarks} where id = any($1)", reader => reader.GetString(0), cancellation, [asked]));
            }

            nonLandmarks = await connections[0].QueryAsync(
                $"select id from {tables.NonLandmarks} where id = any($1)", reader => reader.GetString(0), cancellation, [asked]);
        }

        return new FoundIds(landmarks, nonLandmarks);
    }

    /// <summary>The numbers of the landmarks that have rows, by their labels.</summary>
    public async Task<Dictionary<string, int>> FindLandmarksAsync(IReadOnlyCollection<string> labels)
    {
        Dictionary<string, int> numbers = await FindLabelsAsync(labels);
        HashSet<int> present = [];
        foreach (NpgsqlConnection connection in connections)
        {
            present.UnionWith(await connection.QueryAsync($"select distinct landmark from {tables.Landmarks} where landmark = any($1)",
                reader => reader.GetInt32(0), cancellation, [numbers.Values.ToArray()]));
        }

        return numbers.Where(label => present.Contains(label.Value)).ToDictionary();
    }

    private async Task<Dictionary<string, int>> FindLabelsAsync(IReadOnlyCollection<string> labels)
        => (await connections[0].QueryAsync($"select label, number from {tables.Labels} where label = any($1)",
            reader => (Label: reader.GetString(0), Number: reader.GetInt32(1)), cancellation, [labels.ToArray()]))
            .ToDictionary(found => found.Label, found => found.Number);

    /// <summary>Removes landmark rows by their ids.</summary>
    /// <returns>How many went.</returns>
    public Task<int> RemoveLandmarksAsync(IReadOnlyCollection<string> ids)
        => DeleteAsync($"delete from {tables.Landmarks} where id = any($1)", (string[])[.. ids]);

    /// <summary>Removes all rows of landmarks.</summary>
    /// <param name="landmarks">Their numbers.</param>
    /// <returns>How many went.</returns>
    public Task<int> RemoveLandmarksAsync(IReadOnlyCollection<int> landmarks)
        => DeleteAsync($"delete from {tables.Landmarks} where landmark = any($1)", (int[])[.. landmarks]);

    /// <summary>Removes non-landmarks and adds some, and computes the penalties anew which that changes.</summary>
    /// <param name="removedIds">The ids of those that go.</param>
    /// <param name="added">[m, d].</param>
    /// <param name="addedIds">Their ids; null where they have none.</param>
    /// <returns>How many went.</returns>
    public async Task<int> ChangeNonLandmarksAsync(IReadOnlyCollection<string> removedIds, UnitRows added, string[]? addedIds)
    {
        if (removedIds.Count == 0 && added.Count == 0)
            return 0;
        long[] removed = [.. await connections[0].QueryAsync($"select row from {tables.NonLandmarks} where id = any($1)",
            reader => reader.GetInt64(0), cancellation, [removedIds.ToArray()])];
        if (removed.Length > 0 && removed.Length == header.NonLandmarks && added.Count == 0)
            throw Landmarks.Errors.NoNonLandmarkLeft((int)Math.Min(header.NonLandmarks, int.MaxValue));
        long first = await TakeNumbersAsync("next_non_landmark", added.Count);
        foreach (NpgsqlConnection connection in connections)
        {
            await connection.ExecuteAsync($"delete from {tables.NonLandmarks} where row = any($1)", cancellation, [removed]);
            await using RowImport import = await RowImport.OfNonLandmarksAsync(connection, tables, cancellation);
            for (int row = 0; row < added.Count; row++)
                import.WriteNonLandmark(first + row, addedIds?[row], added[row]);
            await import.CompleteAsync(cancellation);
        }

        _nonLandmarkCount = header.NonLandmarks - removed.Length + added.Count;
        foreach (NpgsqlConnection connection in connections)
        {
            HashSet<long> searched = await SearchAgainAsync(connection, removed);
            await ImproveAsync(connection, added, first, searched);
        }

        return removed.Length;
    }

    /// <summary>Adds landmark rows.</summary>
    public async Task AddLandmarksAsync(LandmarkRows added)
    {
        if (added.Landmarks.Count == 0)
            return;
        int count = (int)Math.Min(header.PenaltyNeighbors, _nonLandmarkCount);
        List<NonLandmarkNeighbor[]> nearest = [];
        foreach (ReadOnlyMemory<float> rows in added.Landmarks.Batches(RowsAtOnce))
        {
            NearestRows found = await _nonLandmarks.SearchAsync(connections[0], rows, count, _nonLandmarkCount, cancellation);
            nearest.AddRange(Enumerable.Range(0, rows.Length / header.Dimension).Select(found.NonLandmarks));
        }

        long first = await TakeNumbersAsync("next_landmark", added.Landmarks.Count);
        int[] landmarkOfLabel = await TakeLabelsAsync(added.Labels);
        for (int server = 0; server < connections.Length; server++)
        {
            await using RowImport import = await RowImport.OfLandmarksAsync(connections[server], tables, cancellation);
            for (int row = 0; row < added.Landmarks.Count; row++)
            {
                string? id = header.HasIds ? added.Ids?[row] : null;
                if (Servers.Of(id, first + row, connections.Length) != server)
                    continue;
                import.WriteLandmark(first + row, id, landmarkOfLabel[added.Labels.LandmarkOfRow[row]], Penalty.Mean(nearest[row]),
                    nearest[row], added.Landmarks[row]);
                _moreLandmarks[server]++;
            }

            await import.CompleteAsync(cancellation);
        }
    }

    /// <summary>Counts the rows anew, and tells readers that there was a change.</summary>
    /// <returns>What each server says then.</returns>
    /// <exception cref="InvalidOperationException">No landmark row is left.</exception>
    public async Task<IndexHeader[]> EndAsync(LandmarkChange change)
    {
        List<IndexHeader> headers = [];
        foreach ((int server, NpgsqlConnection connection) in connections.Index())
        {
            // By the changes and not by a count of all rows, which takes as long as a scan.
            await connection.ExecuteAsync($"""
                update {tables.Index} set epoch = epoch + 1, changes = changes + 1, non_landmarks = $1, landmarks = landmarks + $2
                """, cancellation, [_nonLandmarkCount, (long)_moreLandmarks[server]]);
            headers.Add(await IndexHeader.ReadAsync(connection, tables, cancellation));
        }

        return headers.Sum(header => header.Landmarks) > 0 ? [.. headers]
            : throw Landmarks.Errors.NoLandmarkLeft(change.RemovedLandmarkRows);
    }

    private async Task<int> DeleteAsync(string sql, Array which)
    {
        int removed = 0;
        foreach ((int server, NpgsqlConnection connection) in connections.Index())
        {
            int count = (await connection.QueryAsync($"with gone as ({sql} returning 1) select count(*) from gone",
                reader => (int)reader.GetInt64(0), cancellation, [which])).Single();
            removed += count;
            _moreLandmarks[server] -= count;
        }

        return removed;
    }

    // Numbers that no row has had, rising; nobody else takes any until the transaction ends.
    private async Task<long> TakeNumbersAsync(string next, int count) => (await connections[0].QueryAsync(
        $"update {tables.Index} set {next} = {next} + $1 returning {next} - $1", reader => reader.GetInt64(0), cancellation, (long)count))
        .Single();

    // The numbers of landmarks, of which new ones follow those that there are.
    private async Task<int[]> TakeLabelsAsync(LandmarkLabels labels)
    {
        string[] texts = [.. labels.Texts];
        Dictionary<string, int> numbers = await FindLabelsAsync(texts);
        int next = (await connections[0].QueryAsync($"select coalesce(max(number) + 1, 0) from {tables.Labels}",
            reader => reader.GetInt32(0), cancellation)).Single();
        string[] added = [.. texts.Where(text => !numbers.ContainsKey(text))];
        foreach (string text in added)
            numbers.Add(text, next++);
        foreach (NpgsqlConnection connection in added.Length == 0 ? [] : connections)
        {
            await using RowImport import = await RowImport.OfLabelsAsync(connection, tables, cancellation);
            foreach (string text in added)
                import.WriteLabel(numbers[text], text);
            await import.CompleteAsync(cancellation);
        }

        return Array.ConvertAll(texts, text => numbers[text]);
    }

    // Rows that lose one of the non-landmarks which make their penalty.
    private async Task<HashSet<long>> SearchAgainAsync(NpgsqlConnection connection, long[] removed)
    {
        if (removed.Length == 0)
            return [];
        List<(long Row, ReadOnlyMemory<float> Values)> rows = await connection.QueryAsync(
            $"select row, v from {tables.Landmarks} where near_row && $1",
            reader => (reader.GetInt64(0), reader.GetFieldValue<Vector>(1).Memory), cancellation, [removed]);
        int count = (int)Math.Min(header.PenaltyNeighbors, _nonLandmarkCount);
        foreach ((long Row, ReadOnlyMemory<float> Values)[] some in rows.Chunk(RowsAtOnce))
        {
            NearestRows found = await _nonLandmarks.SearchAsync(connection, [.. some.Select(row => row.Values)], count, _nonLandmarkCount,
                cancellation);
            await UpdateAsync(connection, [.. some.Select((row, i) => (row.Row, found.NonLandmarks(i)))]);
        }

        return [.. rows.Select(row => row.Row)];
    }

    // Rows to which a new non-landmark may be nearer than one of those that make their penalty.
    private async Task ImproveAsync(NpgsqlConnection connection, UnitRows added, long first, HashSet<long> known)
    {
        long[] left = [.. known];
        int start = 0;
        foreach (ReadOnlyMemory<float> batch in added.Batches(RowsAtOnce))
        {
            Vector[] vectors = RowSearch.ToVectors(batch, header.Dimension);
            var changed = new Dictionary<long, NonLandmarkNeighbor[]>();
            long firstOfBatch = first + start;
            await connection.QueryAsync($"""
                select l.row, l.near, l.near_row, l.v, q.n
                from {tables.Landmarks} l cross join lateral (
                  select n from unnest($1::{tables.Vector}[]) with ordinality q(v, n)
                  where -{tables.NonLandmarkDistance("q.v")} >= coalesce(l.near[$2], '-infinity'::float8) - $3 offset 0) q
                where not (l.row = any($4)) order by l.row, q.n
                """, reader =>
            {
                long row = reader.GetInt64(0);
                if (!changed.TryGetValue(row, out NonLandmarkNeighbor[]? nearest))
                    nearest = [.. reader.GetFieldValue<double[]>(1).Zip(reader.GetFieldValue<long[]>(2),
                        (cosine, other) => new NonLandmarkNeighbor(other, cosine))];
                int which = (int)reader.GetInt64(4) - 1;
                double cosine = ExactDot.Compute(reader.GetFieldValue<Vector>(3).Memory.Span,
                    batch.Span.Slice(which * header.Dimension, header.Dimension));
                changed[row] = Insert(nearest, new NonLandmarkNeighbor(firstOfBatch + which, cosine));
                return row;
            }, cancellation, vectors, header.PenaltyNeighbors, _nonLandmarks.Error, left);
            foreach (KeyValuePair<long, NonLandmarkNeighbor[]>[] some in changed.Chunk(RowsAtOnce))
                await UpdateAsync(connection, [.. some.Select(row => (row.Key, row.Value))]);
            start += vectors.Length;
        }
    }

    // A new row stands behind those that are as near, which came before it.
    private NonLandmarkNeighbor[] Insert(NonLandmarkNeighbor[] nearest, NonLandmarkNeighbor added)
    {
        int place = nearest.Count(neighbor => neighbor.Cosine >= added.Cosine);
        return [.. nearest[..place].Append(added).Concat(nearest[place..]).Take(header.PenaltyNeighbors)];
    }

    private async Task UpdateAsync(NpgsqlConnection connection, (long Row, NonLandmarkNeighbor[] Nearest)[] rows)
    {
        // All rows have as many: k, or all non-landmarks that there are.
        int count = rows[0].Nearest.Length;
        await connection.ExecuteAsync($"""
            update {tables.Landmarks} l
            set penalty = u.penalty, near = ($3::float8[])[(u.n - 1) * $5 + 1 : u.n * $5],
              near_row = ($4::bigint[])[(u.n - 1) * $5 + 1 : u.n * $5]
            from unnest($1::bigint[], $2::float8[]) with ordinality u(row, penalty, n) where l.row = u.row
            """, cancellation, Array.ConvertAll(rows, row => row.Row), Array.ConvertAll(rows, row => Penalty.Mean(row.Nearest)),
            (double[])[.. rows.SelectMany(row => row.Nearest.Select(neighbor => neighbor.Cosine))],
            (long[])[.. rows.SelectMany(row => row.Nearest.Select(neighbor => neighbor.Row))], count);
    }
}
