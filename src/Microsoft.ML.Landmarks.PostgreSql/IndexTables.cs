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
    /// <param name="weight">SQL of the factor of penalties.</param>
    public string LandmarkDistance(string query, string weight) => $"({NonLandmarkDistance(query)} + {weight} * l.penalty)";

    /// <summary>The distance of a non-landmark <c>l</c>: less is nearer.</summary>
    /// <param name="query">SQL of a vector.</param>
    public string NonLandmarkDistance(string query) => $"(l.v operator({_extension}.<#>) {query})";

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

    /// <summary>Lets a role ask and change rows.</summary>
    public string GrantWriting(string role) => GrantReading(role)
        + $"grant insert, update, delete on {Landmarks}, {NonLandmarks}, {Labels}, {Probes} to {Quote(role)}; "
        + $"grant update on {Index} to {Quote(role)};";

    private static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);
}
