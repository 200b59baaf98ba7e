using System.Globalization;
using System.Security.Authentication;
using Npgsql;
using static Microsoft.ML.Landmarks.VisibleText;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Every message of the package: what was found, what is allowed, the way out. None holds how a server is reached.</summary>
internal static class Errors
{
    public static ArgumentException SchemaName(string schema, int mostBytes)
        => new($"An index can't be called '{Visible(schema)}': the name of a schema has 1 to {mostBytes} bytes of UTF-8, none of which is "
            + "0, and does not begin with pg_. Choose another.", nameof(schema));

    public static ArgumentException NoServers(string name)
        => new("There is no data source, or one is null. Give those of all servers that hold the index.", Visible(name));

    public static InvalidOperationException NoExtension(string database)
        => new($"The database '{Visible(database)}' has no pgvector. Let a role that may do so run CREATE EXTENSION vector there; the "
            + "server needs the package of it, postgresql-17-pgvector say.");

    public static InvalidOperationException NoVectorType(Exception inner)
        => new("The data source does not know the type vector. Make it by an NpgsqlDataSourceBuilder that was told UseVector(), of the "
            + "package Pgvector.", inner);

    public static InvalidOperationException NoIndex(string schema, Exception? inner = null)
        => new($"The database has no index '{Visible(schema)}'. Make it by PostgresLandmarkIndex.CreateAsync, or name another "
            + "schema.", inner);

    public static InvalidOperationException OtherFormat(string schema, int found, int expected)
        => new($"The index '{Visible(schema)}' is of format {found}, and this version reads format {expected}. Use the version that made "
            + "it, or load the model into a schema of another name.");

    public static InvalidOperationException NotLoaded(string schema)
        => new($"The index '{Visible(schema)}' has no rows yet. Put those of its model there by PostgresLandmarkIndex.LoadAsync.");

    public static InvalidOperationException AlreadyLoaded(string schema, long rows)
        => new($"The index '{Visible(schema)}' has {rows} rows already. Add to them by AddAsync, or load into a schema of another name.");

    public static InvalidOperationException MadeForAnother(string schema)
        => new($"The index '{Visible(schema)}' was made for a model with other steps, labels or ids. Load the model that it was made for, "
            + "or make an index for this one.");

    public static InvalidOperationException IndexReplaced(string schema)
        => new($"The index '{Visible(schema)}' was made anew for another model meanwhile. Attach it again, with that model.");

    public static InvalidOperationException KeyLabels()
        => new("The labels of the model are keys, whose values a column holds that is made once, and the landmarks of an index become "
            + "more. Fit the model with labels that are text or numbers.");

    public static InvalidOperationException NoLandmarks(string schema)
        => new($"The index '{Visible(schema)}' has no landmark row any more. Add some.");

    public static InvalidOperationException SmoothedRows(string schema)
        => new($"The rows of the index '{Visible(schema)}' were drawn towards each other (SameLandmarkSmoothing), so that none can come or "
            + "go by itself. Change the model, and load it anew.");

    public static ArgumentException IdTakenMeanwhile(string schema, Exception inner)
        => new($"Another program has added a row with one of the ids to the index '{Visible(schema)}' meanwhile. Nothing was "
            + "added.", inner);

    public static InvalidOperationException RowsMissing(
        string schema, int landmarks, int foundLandmarks, int nonLandmarks, int foundNonLandmarks)
        => new($"The index '{Visible(schema)}' does not have the rows that it counts: of a query {foundLandmarks} landmark rows in place "
            + $"of {landmarks} were found, and {foundNonLandmarks} non-landmarks in place of {nonLandmarks}. Rows were changed by another "
            + "program. Load the model anew.");

    // Of a check.
    public static string CountedRows(int server, string what, long counted, long found)
        => $"Server {server} counts {counted} {Visible(what)}, and has {found}: another program has changed them.";

    public static string RowsWithoutLabel(int server, long count)
        => $"Server {server} has {count} landmark rows of landmarks that have no label: another program has changed them.";

    public static string DifferentNonLandmarks() => "The servers have different non-landmarks: a change was cut off between them.";

    public static string DifferentLabels() => "The servers have different labels: a change was cut off between them.";

    public static InvalidOperationException TooManyEqual(int count, int most)
        => new($"More than {most} rows are as near to a query as the {count}. of its neighbors, but for rounding: photographs that are all "
            + "alike. Remove such rows.");

    public static InvalidOperationException ServersDiffer(string schema, long[] epochs)
        => new($"The servers of the index '{Visible(schema)}' are of different states: {string.Join(", ", epochs)}. A change was cut off "
            + "between them. Load the model anew into all of them.");

    public static InvalidOperationException OtherServers(string schema, int count, int[] found)
        => new($"The index '{Visible(schema)}' is on {count} servers, which are all needed, each once; given were numbers "
            + $"{string.Join(", ", found)} from 0 on. Give a data source of each.");

    public static InvalidOperationException ServersOfOtherModels(string schema)
        => new($"The servers have indexes '{Visible(schema)}' of different models, or some are not loaded. Load the model into all of "
            + "them.");

    public static InvalidOperationException CommittedInPart(string schema, int committed, int count, Exception inner)
        => new($"A server of the index '{Visible(schema)}' was lost between the last words of a change: {committed} of {count} have made "
            + "it, and searches will say that they differ. Load the model anew into all of them.", inner);

    public static InvalidOperationException PerhapsCommitted(string schema, Exception inner)
        => new($"The server of the index '{Visible(schema)}' was lost while it made a change, so it may have made it and may not. Look "
            + "whether its rows are there before you try again.", inner);

    // Of HNSW.
    public static ArgumentException EfConstruction(int efConstruction, int m, string name)
        => new($"EfConstruction is {efConstruction}, and pgvector asks for at least twice M, which is {m}. Raise it to {2 * m}.",
            Visible(name));

    public static InvalidOperationException TooLongForHnsw(string schema, int dimension, int most)
        => new($"The rows of the index '{Visible(schema)}' have {dimension} values, and pgvector's HNSW takes at most {most} and the "
            + "penalty. Search them exactly.");

    public static InvalidOperationException OldVector(string found, string needed)
        => new($"The database has pgvector {Visible(found)}, whose searches by HNSW end early where rows were deleted, and "
            + $"{Visible(needed)} is needed. Install a newer one, and let a role that may do so run ALTER EXTENSION vector UPDATE.");

    public static InvalidOperationException NoHnsw(string schema, Exception? inner = null)
        => new($"The index '{Visible(schema)}' has no HNSW index, or a server of it has none. Let its owner make it by "
            + "PostgresLandmarkIndex.CreateHnswAsync, after DropHnswAsync where only some have it; or search exactly.", inner);

    public static InvalidOperationException HnswThere(string schema)
        => new($"The index '{Visible(schema)}' has an HNSW index already, or a server of it has one. Drop it by "
            + "PostgresLandmarkIndex.DropHnswAsync before you make another.");

    public static InvalidOperationException NotOwner(string schema, PostgresException inner)
        => new($"The role may not make or drop the HNSW index of '{Visible(schema)}': {Said(inner)}. Do it by the role that made the "
            + "index.", inner);

    public static InvalidOperationException HnswNotUsed(string schema)
        => new($"A server of the index '{Visible(schema)}' would look at all rows in place of its HNSW index: that is not whole, or "
            + "another one than PostgresLandmarkIndex.CreateHnswAsync makes. Let its owner make it anew, after DropHnswAsync.");

    public static InvalidOperationException HnswRebuilt(string schema)
        => new($"The HNSW index of '{Visible(schema)}' was built otherwise since, so that what was measured does not count any more. "
            + "Attach it again once it was measured. Measure it by CheckRecallAsync, with queries as they are asked.");

    public static InvalidOperationException NoRecall(string schema, int candidates, long[] measured)
        => new($"Nobody has measured how many of the nearest rows {candidates} candidates of the HNSW index of '{Visible(schema)}' hold"
            + (measured.Length == 0 ? "" : $"; it was measured of {string.Join(", ", measured)}")
            + ". Measure it by CheckRecallAsync, with queries as they are asked.");

    public static InvalidOperationException RecallOfOtherModel(string schema, int candidates, int neighbors, double weight, int expansion,
        int askedNeighbors, double askedWeight, int askedExpansion)
        => new($"The recall of {candidates} candidates of the HNSW index of '{Visible(schema)}' was measured for "
            + $"{AskedBy(neighbors, weight, expansion)}, and the model takes {AskedBy(askedNeighbors, askedWeight, askedExpansion)}. "
            + "Measure it by CheckRecallAsync with this model.");

    private static string AskedBy(int neighbors, double weight, int expansion) => string.Create(CultureInfo.InvariantCulture,
        $"{neighbors} neighbors and penalties times {weight}{(expansion == 0 ? "" : $", queries averaged with {expansion} rows")}");

    public static string RecallOutdated(string schema, long rows, long measuredRows, string date)
        => $"The index '{Visible(schema)}' has {rows} landmark rows, and had {measuredRows} on {Visible(date)}, when the recall of its "
            + "HNSW index was measured: they became more by a fifth. Measure it anew by CheckRecallAsync.";

    public static ArgumentException NoQueries(string name)
        => new("There is no query that can be compared with rows. Give some, photographs that can be read say.", Visible(name));

    /// <summary>What it means that a server can't be asked, or refuses.</summary>
    public static Exception OfServer(string schema, NpgsqlException e) => e.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn
            => NoIndex(schema, e),
        PostgresErrorCodes.InsufficientPrivilege => new InvalidOperationException($"The role may not do that with the index "
            + $"'{Visible(schema)}': {Said(e)}. Let its owner grant it, as CreateAsync does for the roles that it is given.", e),
        PostgresErrorCodes.ReadOnlySqlTransaction => new InvalidOperationException($"The index '{Visible(schema)}' can only be read here: "
            + $"{Said(e)}. Change it by a role without default_transaction_read_only, at a server that is no copy of another.", e),
        PostgresErrorCodes.QueryCanceled => new NpgsqlException($"A server of the index '{Visible(schema)}' ended a statement: {Said(e)}. "
            + "Where that was the role's statement_timeout, raise it, or ask fewer photographs at once. Nothing was changed.", e),
        PostgresErrorCodes.LockNotAvailable => new NpgsqlException($"Another program changes the index '{Visible(schema)}' for longer than "
            + $"the role's lock_timeout: {Said(e)}. Nothing was changed; try again later.", e),
        PostgresErrorCodes.DiskFull => new NpgsqlException($"A disk of a server of the index '{Visible(schema)}' is full: {Said(e)}. "
            + "Nothing was changed. Free some of it, and try again.", e),
        PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ConfigurationLimitExceeded => new NpgsqlException(
            $"A server of the index '{Visible(schema)}' takes no more connections: {Said(e)}. Set a smaller Maximum Pool Size, or raise "
            + "max_connections there.", e),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new NpgsqlException(
            $"A server of the index '{Visible(schema)}' does not let the data source's role in. Look at its name and password, and at "
            + "pg_hba.conf there.", e),
        PostgresErrorCodes.InvalidCatalogName => new NpgsqlException($"A server that should hold the index '{Visible(schema)}' has no such "
            + $"database: {Said(e)}. Look at the data source.", e),
        null => WithoutAnswer(schema, e),
        _ => new NpgsqlException($"A server of the index '{Visible(schema)}' refused a statement ({Visible(e.SqlState)}): {Said(e)}. "
            + "Nothing was changed.", e),
    };

    // What Npgsql itself says names the server.
    private static NpgsqlException WithoutAnswer(string schema, NpgsqlException e) => e.InnerException switch
    {
        TimeoutException => new($"A server of the index '{Visible(schema)}' did not answer within the data source's Timeout or Command "
            + "Timeout, or all connections of its pool were at work for so long. Raise these or Maximum Pool Size, or ask fewer "
            + "photographs at once.", e),
        AuthenticationException => new($"The certificate of a server of the index '{Visible(schema)}' is not one that the data source's "
            + "SSL Mode takes. Give the authority that signed it as Root Certificate, and call the server by the name in it.", e),
        _ => new($"A server of the index '{Visible(schema)}' can't be reached, or broke off the connection. Look whether it runs, and how "
            + "the data source reaches it.", e),
    };

    private static string Said(NpgsqlException e) => Visible((e as PostgresException)?.MessageText ?? "");

    /// <summary>What it means that an index can't be made; null for something else.</summary>
    public static InvalidOperationException? OfCreating(string schema, PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.DuplicateSchema => new($"The database has a schema '{Visible(schema)}' already. Choose another name, "
            + "or drop it.", e),
        PostgresErrorCodes.InsufficientPrivilege => new($"The role may not make the index '{Visible(schema)}': {Visible(e.MessageText)}. "
            + "It needs the right to make schemas in the database, and where pgvector is not there yet, to make that.", e),
        PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported => new($"The server has no pgvector: "
            + $"{Visible(e.MessageText)}. Install its package, postgresql-17-pgvector say.", e),
        PostgresErrorCodes.UndefinedObject => new($"{Visible(e.MessageText)}. Make the roles first that are to use the index "
            + $"'{Visible(schema)}'.", e),
        _ => null,
    };
}
