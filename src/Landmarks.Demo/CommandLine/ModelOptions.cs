using System.CommandLine;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of all commands that change a model or its rows.</summary>
internal static class ModelOptions
{
    public static Option<string> Model()
        => CommandOptions.Text("--model", "ZIP", "The model that is changed, as fit writes it.", required: true);

    /// <summary>Of those that add photographs.</summary>
    public static Option<bool> Replace() => new("--replace")
    {
        Description = "Photographs whose ids the model has take the place of those; otherwise they are an error.",
    };

    public static Option<string> Output() => CommandOptions.Text("--output", "ZIP",
        "The changed model that is written; the same file as --model is allowed; - for standard output.", required: true);
}
