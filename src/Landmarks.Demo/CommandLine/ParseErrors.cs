using System.CommandLine;
using System.CommandLine.Parsing;

namespace Landmarks.Demo.CommandLine;

/// <summary>What is wrong with a command line.</summary>
internal static class ParseErrors
{
    private const int MostEdits = 3;

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
        // An edit changes much of a short name.
        int most = Math.Min(MostEdits, name.TrimStart('-').Length / 2);
        return symbols.Where(symbol => !symbol.Hidden).Select(symbol => (symbol.Name, Edits: Edits(name, symbol.Name)))
            .Where(s => s.Edits <= most).GroupBy(s => s.Edits).MinBy(group => group.Key)?.Select(s => s.Name) ?? [];
    }

    /// <summary>How many letters are inserted, deleted or replaced, at the least, to make one word of another (Levenshtein).</summary>
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
