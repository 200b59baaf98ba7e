using System.CommandLine;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of commands whose model may have its rows in a database.</summary>
internal static class IndexOptions
{
    // Of pgvector.
    private const int MostCandidates = 1_000;

    /// <summary>Where the rows of <c>--model</c> are.</summary>
    public static Option<string> Index() => CommandOptions.Text("--index", "NAME",
        "The schema of PostgreSQL that holds the model's rows, as landmarks index load put them there; the server is the one that PGHOST, "
        + "PGSERVICE and what else psql reads tell. [default: the rows in the model]");

    /// <summary>How many rows of a query its HNSW index proposes.</summary>
    public static Option<int?> Hnsw() => Hnsw("How many landmark rows of a query the HNSW index of --index proposes, which are scored "
        + "exactly: not all of the nearest are among them, and landmarks index check --hnsw must have measured how many are. [default: "
        + "all rows are searched]");

    /// <param name="description">What it says.</param>
    public static Option<int?> Hnsw(string description) => CommandOptions.Number("--hnsw", description, maximum: MostCandidates);

    /// <summary>The index that a command is about.</summary>
    public static Option<string> Schema()
        => CommandOptions.Text("--schema", "NAME", "The schema of PostgreSQL that is the index.", required: true);

    /// <summary>Who may use an index that is made.</summary>
    public static (Option<string[]> Readers, Option<string[]> Writers) Roles()
        => (CommandOptions.Texts("--reader", "ROLE", "A role that may ask it; the option may be given again."),
            CommandOptions.Texts("--writer", "ROLE", "A role that may ask and change it; the option may be given again."));
}
