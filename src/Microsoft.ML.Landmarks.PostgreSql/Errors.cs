using Npgsql;
using static Microsoft.ML.Landmarks.VisibleText;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Every message of the package: what was found, what is allowed, the way out. None holds how a server is reached.</summary>
internal static class Errors
{
    public static ArgumentException SchemaName(string schema, int mostBytes)
        => new($"An index can't be called '{Visible(schema)}': the name of a schema has 1 to {mostBytes} bytes of UTF-8, none of which is 0, "
            + "and does not begin with pg_. Choose another.", nameof(schema));

    public static ArgumentException NoServers(string name)
        => new("There is no data source, or one is null. Give those of all servers that hold the index.", name);

    public static InvalidOperationException NoExtension(string database)
        => new($"The database '{Visible(database)}' has no pgvector. Let a role that may do so run CREATE EXTENSION vector there; the "
            + "server needs the package of it, postgresql-17-pgvector say.");

    public static InvalidOperationException NoVectorType(Exception inner)
        => new("The data source does not know the type vector. Make it by an NpgsqlDataSourceBuilder that was told UseVector(), of the "
            + "package Pgvector.", inner);

    public static InvalidOperationException NoIndex(string schema, Exception? inner = null)
        => new($"The database has no index '{Visible(schema)}'. Make it by PostgresLandmarkIndex.CreateAsync, or name another schema.", inner);

    public static InvalidOperationException OtherFormat(string schema, int found, int expected)
        => new($"The index '{Visible(schema)}' is of format {found}, and this version reads format {expected}. Use the version that made it, "
            + "or load the model into a schema of another name.");

    public static InvalidOperationException NotLoaded(string schema)
        => new($"The index '{Visible(schema)}' has no rows yet. Put those of its model there by PostgresLandmarkIndex.LoadAsync.");

    public static InvalidOperationException AlreadyLoaded(string schema, long rows)
        => new($"The index '{Visible(schema)}' has {rows} rows already. Add to them by AddAsync, or load into a schema of another name.");

    public static InvalidOperationException MadeForAnother(string schema)
        => new($"The index '{Visible(schema)}' was made for a model with other steps, labels or ids. Load the model that it was made for, or "
            + "make an index for this one.");

    public static InvalidOperationException IndexReplaced(string schema)
        => new($"The index '{Visible(schema)}' was made anew for another model meanwhile. Attach it again, with that model.");

    public static InvalidOperationException KeyLabels()
        => new("The labels of the model are keys, whose values a column holds that is made once, and the landmarks of an index become more. "
            + "Fit the model with labels that are text or numbers.");

    public static InvalidOperationException NoLandmarks(string schema)
        => new($"The index '{Visible(schema)}' has no landmark row any more. Add some.");

    public static InvalidOperationException SmoothedRows(string schema)
        => new($"The rows of the index '{Visible(schema)}' were drawn towards each other (SameLandmarkSmoothing), so that none can come or go "
            + "by itself. Change the model, and load it anew.");

    public static ArgumentException IdTakenMeanwhile(string schema, Exception inner)
        => new($"Another program has added a row with one of the ids to the index '{Visible(schema)}' meanwhile. Nothing was added.", inner);

    public static InvalidOperationException RowsMissing(
        string schema, int landmarks, int foundLandmarks, int nonLandmarks, int foundNonLandmarks)
        => new($"The index '{Visible(schema)}' does not have the rows that it counts: of a query {foundLandmarks} landmark rows in place of "
            + $"{landmarks} were found, and {foundNonLandmarks} non-landmarks in place of {nonLandmarks}. Rows were changed by another "
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
        => new($"The servers have indexes '{Visible(schema)}' of different models, or some are not loaded. Load the model into all of them.");

    public static InvalidOperationException NoRight(string schema, string what, Exception inner)
        => new($"The role may not {what} the index '{Visible(schema)}'. Let its owner grant that, as CreateAsync does for the roles that it "
            + "is given.", inner);

    /// <summary>What it means that an index can't be made; null for something else.</summary>
    public static InvalidOperationException? OfCreating(string schema, PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.DuplicateSchema => new($"The database has a schema '{Visible(schema)}' already. Choose another name, or drop it.",
            e),
        PostgresErrorCodes.InsufficientPrivilege => new($"The role may not make the index '{Visible(schema)}': {Visible(e.MessageText)}. It "
            + "needs the right to make schemas in the database, and where pgvector is not there yet, to make that.", e),
        PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported => new($"The server has no pgvector: "
            + $"{Visible(e.MessageText)}. Install its package, postgresql-17-pgvector say.", e),
        PostgresErrorCodes.UndefinedObject => new($"{Visible(e.MessageText)}. Make the roles first that are to use the index "
            + $"'{Visible(schema)}'.", e),
        _ => null,
    };
}
