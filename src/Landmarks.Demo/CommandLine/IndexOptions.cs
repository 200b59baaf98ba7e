using System.CommandLine;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of commands whose model may have its rows in a database.</summary>
internal static class IndexOptions
{
    /// <summary>Where the rows of <c>--model</c> are.</summary>
    public static Option<string> Index() => CommandOptions.Text("--index", "NAME",
        "The schema of PostgreSQL that holds the model's rows, as landmarks index load put them there; the server is the one that PGHOST, "
        + "PGSERVICE and what else psql reads tell. [default: the rows in the model]");

    /// <summary>The index that a command is about.</summary>
    public static Option<string> Schema()
        => CommandOptions.Text("--schema", "NAME", "The schema of PostgreSQL that is the index.", required: true);

    /// <summary>Who may use an index that is made.</summary>
    public static (Option<string[]> Readers, Option<string[]> Writers) Roles()
        => (CommandOptions.Texts("--reader", "ROLE", "A role that may ask it; the option may be given again."),
            CommandOptions.Texts("--writer", "ROLE", "A role that may ask and change it; the option may be given again."));
}
