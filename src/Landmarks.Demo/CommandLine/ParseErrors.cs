using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Data;

namespace Landmarks.Demo.CommandLine;

/// <summary>What is wrong with a command line.</summary>
internal static class ParseErrors
{
    /// <summary>A line for each mistake; none where the command can run.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return [];
        // What else is wrong may come of these.
        string[] unknown = [.. UnknownOptions(parsed).Distinct()];
        if (unknown.Length > 0)
            return [.. unknown.Select(ToText)];
        Dictionary<string, string> unmatched = parsed.UnmatchedTokens.Distinct()
            .ToDictionary(token => Errors.Unrecognized(token, []), token => Errors.Unrecognized(token, NearestTo(token, parsed)));
        return [.. parsed.Errors.Select(e => unmatched.GetValueOrDefault(e.Message, e.Message)).Distinct()];

        string ToText(string token)
            => File.Exists(token) ? Errors.DashedPhotograph(token) : Errors.Unrecognized(token, NearestTo(token, parsed));
    }

    // The parser takes an option that it does not know for an argument where a command has arguments. Only after -- may one begin with a
    // dash.
    private static IEnumerable<string> UnknownOptions(ParseResult parsed)
    {
        int argumentsAtEnd = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
        return parsed.CommandResult.Command.Arguments
            .SelectMany(argument => parsed.GetResult(argument)?.Tokens.SkipLast(argumentsAtEnd) ?? [])
            .Select(token => token.Value).Where(value => value.Length > 1 && value.StartsWith('-'));
    }

    private static IEnumerable<string> NearestTo(string token, ParseResult parsed)
    {
        string name = token.Split('=', ':')[0];
        Command command = parsed.CommandResult.Command;
        IEnumerable<Option> ofAll = parsed.RootCommandResult.Command.Options.Where(option => option.Recursive);
        IEnumerable<Symbol> symbols = [.. command.Subcommands, .. command.Options.Union(ofAll)];
        return NearNames.Of(name, symbols.Where(symbol => !symbol.Hidden).Select(symbol => symbol.Name));
    }
}
