using System.CommandLine;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of all commands that change a model.</summary>
internal static class ModelOptions
{
    public static Option<string> Model()
        => CommandOptions.Text("--model", "ZIP", "The model that is changed, as fit writes it.", required: true);

    public static Option<string> Output() => CommandOptions.Text("--output", "ZIP",
        "The changed model that is written; the same file as --model is allowed; - for standard output.", required: true);
}
