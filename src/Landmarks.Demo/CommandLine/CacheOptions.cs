using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Caching;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of all commands that embed photographs which they may have embedded before.</summary>
internal sealed class CacheOptions
{
    private const long BytesOfMegabyte = 1_000_000;

    private readonly Option<string> _folder = CommandOptions.Text("--cache", "DIR",
        "The folder in which embeddings are kept, so that a photograph is embedded once. [default: landmarks in the user's folder of "
        + "caches]");
    private readonly Option<bool> _none = new("--no-cache") { Description = "Embed every photograph, and keep no embedding." };
    private readonly Option<int?> _size = CommandOptions.Number("--cache-size",
        $"The most MB of embeddings that are kept; those used longest ago give way. [default: {CacheSettings.DefaultSize}]");

    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_none);
        command.Add(_size);
    }

    /// <returns>The first mistake in how the options go together; null for none.</returns>
    public string? FindMistake(CommandResult result)
        => result.IsGiven(_none) && new Option[] { _folder, _size }.FirstOrDefault(result.IsGiven) is { } other
            ? Errors.OnlyWithCache(other.Name, _none.Name) : null;

    /// <returns>Null where no embedding is kept.</returns>
    public CacheSettings? Read(ParseResult parsed)
        => !parsed.GetValue(_none) && (parsed.GetValue(_folder) ?? CacheSettings.DefaultFolder) is { } folder
            ? new CacheSettings(folder, (parsed.GetValue(_size) ?? CacheSettings.DefaultSize) * BytesOfMegabyte) : null;
}
