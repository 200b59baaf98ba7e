using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>A README of the repository.</summary>
/// <param name="File">Its path.</param>
/// <param name="Text">What it says.</param>
internal sealed partial record Readme(string File, string Text)
{
    private const string Fence = "```";

    /// <summary>All of them, that of the repository first.</summary>
    public static IReadOnlyList<Readme> All { get; } = [.. Find(TestFiles.Repository()).Select(Read)];

    public static Readme Of(params string[] folder) => Read(TestFiles.Repository([.. folder, "README.md"]));

    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>The code of a language.</summary>
    public IEnumerable<string> Blocks(string language) => FencedBlock().Matches(Text)
        .Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    /// <summary>The indented lines, each that ends in a backslash with the next.</summary>
    public IEnumerable<string> Commands()
        => IndentedLine().Matches(FencedBlock().Replace(Text, "").Replace("\\\n", "", StringComparison.Ordinal))
            .Select(match => match.Groups[1].Value);

    /// <summary>The rows of all tables, without the lines between a head and its rows.</summary>
    public IEnumerable<string[]> TableRows()
        => Text.Split('\n').Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
            .Select(line => Bar().Split(line)[1..^1].Select(cell => cell.Replace("\\|", "|", StringComparison.Ordinal).Trim()).ToArray());

    /// <summary>What links point to.</summary>
    public IEnumerable<string> Links() => Link().Matches(FencedBlock().Replace(Text, "")).Select(match => match.Groups[1].Value);

    /// <summary>The anchors of the headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors() => Heading().Matches(FencedBlock().Replace(Text, ""))
        .Select(match => NoPartOfAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> Find(string folder)
        => Directory.EnumerateFiles(folder, "README.md").Concat(Directory.EnumerateDirectories(folder)
            .Where(path => Path.GetFileName(path) is not "artifacts" && !Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal).SelectMany(Find));

    private static Readme Read(string file) => new(file, System.IO.File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal));

    [GeneratedRegex($"^{Fence}(\\w*)\n(.*?)^{Fence}", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FencedBlock();

    [GeneratedRegex("^    (\\S.*)$", RegexOptions.Multiline)]
    private static partial Regex IndentedLine();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NoPartOfAnchor();
}
