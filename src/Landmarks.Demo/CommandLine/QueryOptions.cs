using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>What says which photographs a model is asked: they themselves, a CSV file with a folder, or a folder of them.</summary>
internal sealed class QueryOptions
{
    /// <param name="photos">What photographs are named for.</param>
    public QueryOptions(string photos)
    {
        Photos = new Argument<string[]>("PHOTO")
        {
            Description = $"Photographs {photos}, folders of them, and globs in quotes: *, ? and, for folders at any depth, **.",
            Arity = ArgumentArity.ZeroOrMore
        };
        Photos.Validators.Add(result => CommandOptions.RequireTexts(result, Photos.Name));
    }

    public Argument<string[]> Photos { get; }

    public Option<string> Queries { get; } = CommandOptions.Text("--queries", "CSV", "Queries to answer: id,landmarks or id.");

    public Option<string> QueryFolders { get; } = CommandOptions.Text("--query-folders", "DIR",
        "A folder whose photographs are the queries, at any depth; their ids are their names below it.");

    /// <summary>How many of the three are given, of which a command takes one.</summary>
    public int CountGiven(CommandResult result)
        => new[] { ArePhotosGiven(result), result.IsGiven(Queries), result.IsGiven(QueryFolders) }.Count(isGiven => isGiven);

    public bool ArePhotosGiven(CommandResult result) => result.GetResult(Photos) is { Tokens.Count: > 0 };

    /// <summary>Where queries come from; null where photographs are named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="imageFolder">The folder of the photographs of a CSV file.</param>
    public QuerySource? ReadSource(ParseResult parsed, string? imageFolder)
        => parsed.GetValue(Queries) is { } file ? QuerySource.Of(new LandmarkSource(file, imageFolder!))
            : parsed.GetValue(QueryFolders) is { } folder ? QuerySource.OfFolder(folder) : null;

    /// <summary>Finds the photographs.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">From <see cref="ReadSource"/>.</param>
    public Func<MLContext, IEnumerable<PhotoQuery>> ReadPhotos(ParseResult parsed, QuerySource? source)
        => ml => source is null ? PhotoArguments.Expand(ml, parsed.GetRequiredValue(Photos)) : PhotoArguments.Of(ml, source.Load(ml));
}
