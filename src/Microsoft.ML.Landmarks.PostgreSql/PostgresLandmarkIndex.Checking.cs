using System.Globalization;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;
using Pgvector;

namespace Microsoft.ML.Landmarks.PostgreSql;

// Whether an index is what it should be.
public sealed partial class PostgresLandmarkIndex
{
    // Rows whose penalties are computed at once.
    private const int RowsCheckedAtOnce = 128;

    /// <summary>Looks whether the index is sound: computes the penalties of some rows anew and compares them to the bit, counts the rows,
    /// and compares the servers.</summary>
    /// <param name="most">How many landmark rows of each server are looked at, at least 1: those that come first in an order by chance that
    /// is the same each time.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked.</exception>
    public async Task<LandmarkIndexCheck> CheckAsync(int most = 1_000, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        (IndexHeader Header, ServerCheck Result)[] servers = await ReadAsync(_sources, async (connection, header) =>
        {
            (long count, List<string> wrong) = await CheckPenaltiesAsync(connection, header, most, cancellation);
            return new ServerCheck(count, wrong, await FindProblemsAsync(connection, header, cancellation),
                await HashAsync(connection, _tables.NonLandmarks, "row::text || coalesce(id, '') || v::text", cancellation),
                await HashAsync(connection, _tables.Labels, "number::text || label", cancellation));
        }, cancellation);
        Learn(Counts.Of(servers.Select(server => server.Header)));
        List<string> problems = [.. servers.SelectMany(server => server.Result.Problems)];
        if (servers.DistinctBy(server => server.Result.NonLandmarks).Count() > 1)
            problems.Add(Errors.DifferentNonLandmarks());
        if (servers.DistinctBy(server => server.Result.Labels).Count() > 1)
            problems.Add(Errors.DifferentLabels());
        return new LandmarkIndexCheck
        {
            CheckedRowCount = servers.Sum(server => server.Result.Checked),
            WrongRows = [.. servers.SelectMany(server => server.Result.Wrong)],
            Problems = problems,
        };
    }

    private async Task<(long Count, List<string> Wrong)> CheckPenaltiesAsync(
        NpgsqlConnection connection, IndexHeader header, int most, CancellationToken cancellation)
    {
        List<(long Row, string? Id, double Penalty, double[] Near, long[] NearRow, ReadOnlyMemory<float> Values)> rows
            = await connection.QueryAsync($"""
            select row, id, penalty, near, near_row, v from {_tables.Landmarks} order by hashint8(row), row limit $1
            """, reader => (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetDouble(2),
                reader.GetFieldValue<double[]>(3), reader.GetFieldValue<long[]>(4), reader.GetFieldValue<Vector>(5).Memory),
            cancellation, [most]);
        var search = RowSearch.OfNonLandmarks(_tables, Dimension);
        int count = (int)Math.Min(header.PenaltyNeighbors, header.NonLandmarks);
        List<string> wrong = [];
        foreach (var some in rows.Chunk(RowsCheckedAtOnce))
        {
            NearestRows found = await search.SearchAsync(connection, [.. some.Select(row => row.Values)], count, header.NonLandmarks,
                cancellation);
            for (int i = 0; i < some.Length; i++)
            {
                NonLandmarkNeighbor[] nearest = found.NonLandmarks(i);
                if (Penalty.Mean(nearest) != some[i].Penalty || !nearest.Select(row => row.Cosine).SequenceEqual(some[i].Near)
                    || !nearest.Select(row => row.Row).SequenceEqual(some[i].NearRow))
                    wrong.Add(some[i].Id ?? some[i].Row.ToString(CultureInfo.InvariantCulture));
            }
        }

        return (rows.Count, wrong);
    }

    private async Task<List<string>> FindProblemsAsync(NpgsqlConnection connection, IndexHeader header, CancellationToken cancellation)
    {
        (long landmarks, long nonLandmarks, long strangers) = (await connection.QueryAsync($"""
            select (select count(*) from {_tables.Landmarks}), (select count(*) from {_tables.NonLandmarks}),
              (select count(*) from {_tables.Landmarks} l where not exists (select from {_tables.Labels} b where b.number = l.landmark))
            """, reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)), cancellation, [])).Single();
        List<string> problems = [];
        if (landmarks != header.Landmarks)
            problems.Add(Errors.CountedRows(header.Server, "landmark rows", header.Landmarks, landmarks));
        if (nonLandmarks != header.NonLandmarks)
            problems.Add(Errors.CountedRows(header.Server, "non-landmarks", header.NonLandmarks, nonLandmarks));
        if (strangers > 0)
            problems.Add(Errors.RowsWithoutLabel(header.Server, strangers));
        return problems;
    }

    // Of all rows, whatever their order.
    private static async Task<string> HashAsync(NpgsqlConnection connection, string table, string row, CancellationToken cancellation)
        => (await connection.QueryAsync($"select coalesce(sum(hashtextextended({row}, 0)::numeric), 0)::text from {table}",
            reader => reader.GetString(0), cancellation, [])).Single();

    private sealed record ServerCheck(long Checked, List<string> Wrong, List<string> Problems, string NonLandmarks, string Labels);
}
