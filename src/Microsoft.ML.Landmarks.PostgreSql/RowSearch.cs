using System.Globalization;
using Microsoft.ML.Landmarks.Vectors;
using Npgsql;
using Pgvector;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>
/// Finds the rows of a server that are nearest to queries, as the search in memory does, to the bit. The server sums in single precision,
/// so it proposes every row that may be among the nearest, and those are scored here by <see cref="ExactDot"/>.
/// </summary>
/// <remarks>
/// A distance of the server is at most <see cref="Error"/> from the exact one. With d the distance of its k-th row, each row of the exact
/// answer has a distance of at most d + 2 <see cref="Error"/>: those come. No number of rows would do in place of that distance, since any
/// number of rows may be equal. Where an HNSW index proposes rows, that is so of those that it proposes.
/// </remarks>
internal sealed partial class RowSearch
{
    // A scan waits for its rows longer than it computes: one for two queries costs less than two, but of tables so small that either way
    // costs little.
    private const int LeastForOneScan = 2;

    // Their vectors stay in a core's cache while the rows pass, and there are two columns of each, of which a query may have 1,664.
    private const int MostInOneScan = 128;

    // Beyond the neighbors, rows that are looked at before a second look is taken at all of them.
    private const int Spare = 59;

    // Rows as near as the last neighbor come in all: so many of a query, of 2 kB say, are an accident that must have an end.
    private const int MostEqual = 100_000;

    // Of n rows and a sample of s of them, k n / s rows are as near as its k-th. Each of those costs about five times what one of the
    // sample does, so that both cost least together where s is the root of 5 k n.
    private const double PassCost = 5;

    private readonly string _table, _columns, _vectors;
    private readonly int _dimension;
    // Null where non-landmarks are searched, which have no penalties.
    private readonly double? _weight;
    // Null where all rows are looked at.
    private readonly int? _candidates;
    private readonly IndexTables _tables;

    private RowSearch(IndexTables tables, int dimension, string table, string columns, double? weight, int? candidates = null)
    {
        (_tables, _dimension, _table, _columns, _weight, _candidates) = (tables, dimension, table, columns, weight, candidates);
        _vectors = $"$1::{tables.Vector}[]";
        Error = ErrorOf(dimension);
    }

    /// <summary>How far a distance of the server is from the exact one at most.</summary>
    public double Error { get; }

    // Of the row l and the query q. A sum of non-landmarks too: an index that somebody made of them by the product alone, and that finds
    // some of the nearest, can't take the place of a scan then.
    private string Distance => _tables.LandmarkDistance("q.v", Penalty);

    // Of the row l, with its weight.
    private string Penalty => _weight is null ? "0" : string.Create(CultureInfo.InvariantCulture, $"'{_weight:R}'::float8 * l.penalty");

    // Non-landmarks have no penalty.
    private string DistanceOf(string query, string penalty)
        => _weight is null ? _tables.NonLandmarkDistance(query) : _tables.LandmarkDistance(query, penalty);

    /// <summary>Searches landmarks.</summary>
    /// <param name="tables">The index.</param>
    /// <param name="dimension">Values of a row.</param>
    /// <param name="weight">The factor of their penalties.</param>
    /// <param name="candidates">How many rows of a query the HNSW index proposes; null for an exact search.</param>
    public static RowSearch OfLandmarks(IndexTables tables, int dimension, double weight, int? candidates = null)
        => new(tables, dimension, tables.Landmarks, "l.row, l.id, l.v, l.landmark, l.penalty", weight, candidates);

    /// <summary>Searches non-landmarks.</summary>
    /// <param name="tables">The index.</param>
    /// <param name="dimension">Values of a row.</param>
    public static RowSearch OfNonLandmarks(IndexTables tables, int dimension)
        => new(tables, dimension, tables.NonLandmarks, "l.row, l.id, l.v", weight: null);

    /// <summary>n products of Singles and their sum, in any order, with fused multiply-add or without, are off by at most
    /// n u / (1 - n u) |q| |t|, u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 2002, 3.1).</summary>
    public static double ErrorOf(int dimension)
    {
        // Lengths are 1 but for rounding; sums with penalties are doubles, of weights of up to a million.
        double product = dimension * Math.ScaleB(1, -24);
        return product / (1 - product) * (1 + Math.ScaleB(1, -22)) + 1e-9;
    }

    /// <summary>Rows that lie side by side, as a statement takes them.</summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="dimension">d.</param>
    public static Vector[] ToVectors(ReadOnlyMemory<float> rows, int dimension)
        => [.. Enumerable.Range(0, rows.Length / dimension).Select(row => new Vector(rows.Slice(row * dimension, dimension)))];

    /// <summary>Finds rows.</summary>
    /// <param name="connection">To the server, in the transaction whose rows are searched.</param>
    /// <param name="queries">[q, d], of unit length.</param>
    /// <param name="count">How many of each query; fewer where there are fewer.</param>
    /// <param name="rowCount">How many rows the server has, about.</param>
    /// <param name="cancellation">Ends it, at the server too.</param>
    /// <exception cref="InvalidOperationException">More rows are as near as the last neighbor than may come; or there is no HNSW index that
    /// should propose them.</exception>
    public async Task<NearestRows> SearchAsync(NpgsqlConnection connection, ReadOnlyMemory<float> queries, int count,
        long rowCount, CancellationToken cancellation)
    {
        int queryCount = queries.Length / _dimension;
        var found = new NearestRows(queryCount, count);
        if (count == 0 || rowCount == 0)
            return found;
        for (int first = 0; first < queryCount; first += MostInOneScan)
        {
            int asked = Math.Min(MostInOneScan, queryCount - first);
            var batch = new Batch(queries.Slice(first * _dimension, asked * _dimension), _dimension, first, count, found);
            if (_candidates is not null)
                await SearchByHnswAsync(connection, batch, rowCount, cancellation);
            else if (asked < LeastForOneScan)
                await SearchEachAsync(connection, batch, cancellation);
            else
                await SearchTogetherAsync(connection, batch, rowCount, cancellation);
        }

        return found;
    }

    /// <summary>Finds rows for queries that do not lie side by side, rows of a table, say.</summary>
    /// <param name="connection">To the server, in the transaction whose rows are searched.</param>
    /// <param name="queries">Each [d], of unit length.</param>
    /// <param name="count">How many of each query; fewer where there are fewer.</param>
    /// <param name="rowCount">How many rows the server has, about.</param>
    /// <param name="cancellation">Ends it, at the server too.</param>
    /// <inheritdoc cref="SearchAsync(NpgsqlConnection, ReadOnlyMemory{float}, int, long, CancellationToken)"/>
    public Task<NearestRows> SearchAsync(NpgsqlConnection connection, IReadOnlyList<ReadOnlyMemory<float>> queries, int count,
        long rowCount, CancellationToken cancellation)
    {
        var values = new float[queries.Count * _dimension];
        for (int i = 0; i < queries.Count; i++)
            queries[i].CopyTo(values.AsMemory(i * _dimension));
        return SearchAsync(connection, values, count, rowCount, cancellation);
    }

    // A scan for each query, in one statement.
    private async Task SearchEachAsync(NpgsqlConnection connection, Batch batch, CancellationToken cancellation)
    {
        int looked = batch.Count + Math.Max(Spare, batch.Count);
        await using (var command = new NpgsqlCommand(Each($"unnest({_vectors}) with ordinality q(v, n)", "d"), connection)
        {
            Parameters =
            {
                new() { Value = batch.Vectors() },
                new() { Value = batch.Count },
                new() { Value = 2 * Error },
                new() { Value = (long)looked },
            },
        })
        {
            await ReadAsync(command, batch, cancellation);
        }

        // Of some queries all rows that were looked at are near enough: those that were not may be too.
        for (int query = 0; query < batch.QueryCount; query++)
        {
            if (batch.Come[query] == looked)
                await SearchAgainAsync(connection, batch, query, cancellation);
        }
    }

    // Of each query the rows that come first in some order, $4 of them, and of these all that may be among the nearest.
    private string Each(string queries, string order) => $"""
        select q.n, {_columns}
        from {queries}
        cross join lateral (
          select at, d, nth_value(d, $2) over (order by d rows between unbounded preceding and unbounded following) as kth from (
            select l.ctid as at, {Distance} as d from {_table} l order by {order} limit $4) x) y
        cross join lateral (select * from {_table} l where l.ctid = y.at offset 0) l
        where y.kth is null or y.d <= y.kth + $3
        """;

    private async Task SearchAgainAsync(NpgsqlConnection connection, Batch batch, int query, CancellationToken cancellation)
    {
        batch.Forget(query);
        await using var command = new NpgsqlCommand($"""
            with x as materialized (select l.ctid as at, {DistanceOf("$1", Penalty)} as d from {_table} l)
            select $4::bigint, {_columns} from x
            cross join lateral (select * from {_table} l where l.ctid = x.at offset 0) l
            where x.d <= coalesce((select d from x order by d offset $2 limit 1), 'infinity'::float8) + $3
            """, connection)
        {
            Parameters =
            {
                new() { Value = batch.Vectors()[query] },
                new() { Value = batch.Count - 1 },
                new() { Value = 2 * Error },
                new() { Value = query + 1L },
            },
        };
        await ReadAsync(command, batch, cancellation);
    }

    // One scan for all queries: an expression compares each row with every query, and gives the numbers of those that it may be near. As a
    // join of rows and queries it would take half as long again, since what joins a pair takes as long as its product. LATERAL and OFFSET 0
    // force the order of things; by itself the planner sorts distances along with the vectors that they are of. Thresholds are the k-th
    // distances of a sample, which no k-th distance of all rows exceeds.
    private async Task SearchTogetherAsync(NpgsqlConnection connection, Batch batch, long rowCount, CancellationToken cancellation)
    {
        string percent = Math.Min(100, 100 * Math.Sqrt(PassCost * batch.Count / rowCount)).ToString("R", CultureInfo.InvariantCulture);
        Vector[] vectors = batch.Vectors();
        double[] thresholds = new double[vectors.Length];
        // Compiling an expression of so many queries takes longer than it spares.
        await using (var statements = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("set local jit = off"),
                new($"""
                    select (select {Distance} as d from {_table} l tablesample system ({percent}) repeatable (1)
                      order by d offset $2 limit 1)
                    from unnest({_vectors}) with ordinality q(v, n) order by q.n
                    """)
                {
                    Parameters = { new() { Value = vectors }, new() { Value = batch.Count - 1 } },
                },
            },
        })
        {
            await using NpgsqlDataReader reader = await statements.ExecuteReaderAsync(cancellation);
            for (int i = 0; await reader.ReadAsync(cancellation); i++)
                thresholds[i] = reader.IsDBNull(0) ? double.PositiveInfinity : reader.GetDouble(0) + 2 * Error;
        }

        await using var search = new NpgsqlCommand($"""
            select y.n, {_columns}
            from (
              select n, at, d,
                nth_value(d, $2) over (partition by n order by d rows between unbounded preceding and unbounded following) as kth from (
                select c.n::bigint, l.at, {DistanceOf("q.v[c.n]", "l.p")} as d
                from (
                  select v, {ForEach(n => $"v[{n}] as v{n}, t[{n}] as t{n}")}
                  from (select {_vectors} as v, $4::float8[] as t offset 0) q offset 0) q
                cross join lateral (
                  select l.*, array_positions(array[{ForEach(n => $"{DistanceOf($"q.v{n}", "l.p")} <= q.t{n}")}], true) as close
                  from (select l.ctid as at, l.v, {Penalty} as p from {_table} l offset 0) l offset 0) l
                cross join lateral unnest(l.close) c(n)
                offset 0) x) y
            cross join lateral (select * from {_table} l where l.ctid = y.at offset 0) l
            where y.kth is null or y.d <= y.kth + $3
            """, connection)
        {
            Parameters =
            {
                new() { Value = vectors },
                new() { Value = batch.Count },
                new() { Value = 2 * Error },
                new() { Value = thresholds },
            },
        };
        await ReadAsync(search, batch, cancellation);

        string ForEach(Func<int, string> sql) => string.Join(", ", Enumerable.Range(1, vectors.Length).Select(sql));
    }

    private async Task ReadAsync(NpgsqlCommand command, Batch batch, CancellationToken cancellation)
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await ReadAsync(reader, batch, cancellation);
    }

    private async Task ReadAsync(NpgsqlDataReader reader, Batch batch, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
        {
            int query = (int)reader.GetInt64(0) - 1;
            ReadOnlyMemory<float> values = reader.GetFieldValue<Vector>(3).Memory;
            double cosine = ExactDot.Compute(batch.Query(query).Span, values.Span);
            batch.Take(query, new FoundRow(reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2),
                _weight is null ? 0 : reader.GetInt32(4), cosine, _weight is { } weight ? weight * reader.GetDouble(5) : 0, values));
            if (batch.Come[query] > batch.Count + MostEqual)
                throw Errors.TooManyEqual(batch.Count, MostEqual);
        }
    }

    // Queries that one statement asks.
    private sealed class Batch(ReadOnlyMemory<float> queries, int dimension, int first, int count, NearestRows found)
    {
        public int QueryCount { get; } = queries.Length / dimension;

        public int Count => count;

        // How many rows came of each query.
        public int[] Come { get; } = new int[queries.Length / dimension];

        public ReadOnlyMemory<float> Query(int query) => queries.Slice(query * dimension, dimension);

        public Vector[] Vectors() => ToVectors(queries, dimension);

        public void Take(int query, FoundRow row)
        {
            Come[query]++;
            found.Offer(first + query, row);
        }

        public void Forget(int query)
        {
            Come[query] = 0;
            found.Clear(first + query);
        }
    }
}
