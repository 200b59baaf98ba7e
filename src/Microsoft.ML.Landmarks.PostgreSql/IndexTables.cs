using System.Text;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>The tables of one index, which have a schema of their own: their names as SQL has them, and how they are made.</summary>
/// <remarks>
/// A landmark row keeps the non-landmarks that make its penalty, best first, so that a change of these costs what it changes.
/// <c>toast_tuple_target</c> keeps vectors of up to some 1,900 values on the pages of their rows, where a scan reads them; longer ones go
/// out of line.
/// </remarks>
internal sealed class IndexTables
{
    /// <summary>The layout that this version makes and reads.</summary>
    public const int Format = 1;

    /// <summary>What plans call <see cref="Hnsw"/>.</summary>
    public const string HnswName = "landmark_hnsw";

    // Longer names are cut by the server without a word, and might be those of another index then.
    private const int MostBytesOfName = 63;

    private readonly string _extension;

    private IndexTables(string name, string extension)
    {
        Name = name;
        Schema = Quote(name);
        _extension = Quote(extension);
    }

    /// <summary>What the schema is called.</summary>
    public string Name { get; }

    public string Schema { get; }

    public string Index => $"{Schema}.landmark_index";

    public string Labels => $"{Schema}.label";

    public string Landmarks => $"{Schema}.landmark";

    public string Probes => $"{Schema}.probe";

    public string NonLandmarks => $"{Schema}.non_landmark";

    /// <summary>The index of landmark rows that proposes some of the nearest, where there is one.</summary>
    public string Hnsw => $"{Schema}.{HnswName}";

    /// <summary>What was measured of it; on the first server, and made and dropped with it.</summary>
    public string Recalls => $"{Schema}.hnsw_recall";

    /// <summary>The names of an index's tables, of which nothing is looked at.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="schema">What the schema is called.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">No schema may be called so.</exception>
    /// <exception cref="InvalidOperationException">The database lacks pgvector, or the data source does not know its type.</exception>
    public static async Task<IndexTables> OfAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        CheckName(schema);
        // The extension may be in a schema that the search path does not name.
        await using var command = new NpgsqlCommand(
            "select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'", connection);
        string extension = (string?)await command.ExecuteScalarAsync(cancellation) ?? throw Errors.NoExtension(connection.Database);
        return new IndexTables(schema, extension);
    }

    /// <exception cref="ArgumentException">No schema may be called so.</exception>
    public static void CheckName(string schema)
    {
        ArgumentException.ThrowIfNullOrEmpty(schema);
        if (Encoding.UTF8.GetByteCount(schema) > MostBytesOfName || schema.Contains('\0')
            || schema.StartsWith("pg_", StringComparison.OrdinalIgnoreCase))
            throw Errors.SchemaName(schema, MostBytesOfName);
    }

    /// <summary>The distance of a landmark row <c>l</c>: less is nearer.</summary>
    /// <param name="query">SQL of a vector.</param>
    /// <param name="penalty">SQL of the row's penalty, with its weight.</param>
    public string LandmarkDistance(string query, string penalty) => $"({NonLandmarkDistance(query)} + {penalty})";

    /// <summary>The distance of a non-landmark <c>l</c>: less is nearer.</summary>
    /// <param name="query">SQL of a vector.</param>
    public string NonLandmarkDistance(string query) => $"(l.v operator({_extension}.<#>) {query})";

    /// <summary>The distance of a landmark row <c>l</c> by which <see cref="Hnsw"/> has them in order: in single precision, penalties
    /// too.</summary>
    /// <param name="query">SQL of a vector, of the query's values and the factor of penalties.</param>
    /// <param name="dimension">Values of a row.</param>
    public string HnswDistance(string query, int dimension) => $"({Augmented("l.", dimension)} operator({_extension}.<#>) {query})";

    /// <summary>Makes <see cref="Hnsw"/>.</summary>
    /// <param name="dimension">Values of a row.</param>
    /// <param name="options">How it is built.</param>
    public string CreateHnsw(int dimension, LandmarkHnswOptions options) => $"""
        create index {HnswName} on {Landmarks} using hnsw ({Augmented("", dimension)} {_extension}.vector_ip_ops)
        with (m = {options.M}, ef_construction = {options.EfConstruction})
        """;

    /// <summary>Makes <see cref="Recalls"/>, where each measurement is a row, and the latest of as many candidates counts, of indexes that
    /// are built as they were then.</summary>
    public string CreateRecalls() => $"""
        create table {Recalls}(
          built text not null, candidates int not null, time timestamptz not null, neighbors int not null, penalty_weight float8 not null,
          query_expansion int not null, landmarks bigint not null, queries int not null, own_rows int not null,
          found_neighbors bigint not null, all_neighbors bigint not null, same_landmarks int not null)
        """;

    // An expression, so that nothing is stored twice: a row's values and its penalty, which a query's values and the weight are
    // multiplied with.
    private string Augmented(string row, int dimension)
        => $"(({row}v operator({_extension}.||) array[(-{row}penalty)::real]::{Vector}(1))::{Vector}({dimension + 1}))";

    /// <summary>SQL of the type of vectors.</summary>
    public string Vector => $"{_extension}.vector";

    /// <summary>Makes the schema and its tables; nothing may be there.</summary>
    /// <param name="dimension">Values of a row.</param>
    public string Create(int dimension) => $"""
        create schema {Schema};
        create table {Index}(
          only_row boolean primary key default true check (only_row),
          format int not null, identity uuid not null, dimension int not null, penalty_neighbors int not null, fingerprint text not null,
          label_type text not null, has_ids boolean not null, has_non_landmark_ids boolean not null, is_smoothed boolean not null,
          non_landmark_label text not null, server int not null, servers int not null, is_loaded boolean not null default false,
          landmarks bigint not null default 0, non_landmarks bigint not null default 0,
          next_landmark bigint not null default 0, next_non_landmark bigint not null default 0,
          epoch bigint not null default 0, changes bigint not null default 0);
        create table {Labels}(number int primary key, label text not null unique);
        create table {Probes}(number int primary key, features real[] not null);
        create table {Landmarks}(
          row bigint primary key, id text unique, landmark int not null,
          penalty float8 not null, near float8[] not null, near_row bigint[] not null,
          v {Vector}({dimension}) not null) with (toast_tuple_target = 8160);
        create index on {Landmarks}(landmark);
        create table {NonLandmarks}(
          row bigint primary key, id text unique,
          v {Vector}({dimension}) not null) with (toast_tuple_target = 8160);
        """;

    /// <summary>Lets a role ask.</summary>
    public string GrantReading(string role) => $"grant usage on schema {Schema} to {Quote(role)}; "
        + $"grant select on all tables in schema {Schema} to {Quote(role)};";

    /// <summary>Lets a role read <see cref="Recalls"/>, or write there too.</summary>
    /// <param name="role">Quoted already.</param>
    /// <param name="isWriter">Whether it may write.</param>
    public string GrantRecalls(string role, bool isWriter) => $"grant select{(isWriter ? ", insert" : "")} on {Recalls} to {role}";

    /// <summary>Lets a role ask and change rows.</summary>
    public string GrantWriting(string role) => GrantReading(role)
        + $"grant insert, update, delete on {Landmarks}, {NonLandmarks}, {Labels}, {Probes} to {Quote(role)}; "
        + $"grant update on {Index} to {Quote(role)};";

    private static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);
}
