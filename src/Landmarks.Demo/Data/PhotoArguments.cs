using System.IO.Enumeration;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Data;

namespace Landmarks.Demo.Data;

/// <summary>The photographs that arguments name: files, folders with all photographs in them, and globs.</summary>
internal static class PhotoArguments
{
    private const string AnyFolders = "**";

    private static readonly char[] s_separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    private static readonly EnumerationOptions s_names = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = true,
        MatchCasing = MatchCasing.CaseInsensitive,
    };

    /// <summary>
    /// The photographs in order. An argument that names none stands for itself: what is wrong with it costs no other its answer.
    /// </summary>
    public static IEnumerable<PhotoQuery> Expand(MLContext ml, IEnumerable<string> arguments) => arguments.SelectMany(argument =>
    {
        try
        {
            PhotoQuery[] found = [.. Find(ml, argument)];
            return found.Length > 0 ? found : [new PhotoQuery(argument, argument, WhyNone(argument))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new PhotoQuery(argument, argument, e.Message)];
        }
    });

    /// <summary>All photographs of a folder, at any depth, called by the names on the way.</summary>
    public static IEnumerable<PhotoQuery> InFolder(MLContext ml, string folder) => Of(ml, ml.Data.LoadPhotographs(folder));

    /// <summary>The photographs of rows with Id and ImagePath.</summary>
    public static IEnumerable<PhotoQuery> Of(MLContext ml, IDataView rows)
        => ml.Data.CreateEnumerable<Row>(rows, reuseRowObject: true).Select(row => new PhotoQuery(row.Id, row.ImagePath));

    private static IEnumerable<PhotoQuery> Find(MLContext ml, string argument)
    {
        if (Directory.Exists(argument))
            return InFolder(ml, argument).Select(photo => photo with { Id = photo.Path });
        if (Path.Exists(argument) || !IsGlob(argument))
            return [];
        string root = Path.GetPathRoot(argument) ?? "";
        return Match(ml, root, argument[root.Length..].Split(s_separators, StringSplitOptions.RemoveEmptyEntries));
    }

    // What is wrong with a file is told when it is read.
    private static string? WhyNone(string argument) => Directory.Exists(argument) ? Errors.NoPhotographs(argument).Message
        : IsGlob(argument) && !Path.Exists(argument) ? Errors.NoMatch(argument) : null;

    private static bool IsGlob(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <param name="ml">The context.</param>
    /// <param name="folder">A folder that is there; empty for the current one. Or a file, where no name follows.</param>
    /// <param name="names">The names that follow, which may be globs.</param>
    private static IEnumerable<PhotoQuery> Match(MLContext ml, string folder, string[] names)
    {
        if (names is [])
            return Directory.Exists(folder) || FolderNames.IsPhotograph(folder) ? Expand(ml, [folder]) : [];
        string here = folder.Length > 0 ? folder : ".";
        if (!Directory.Exists(here))
            return [];
        // From there on it is the photographs of the whole tree whose names are compared.
        if (names[0] == AnyFolders)
        {
            // What a glob does not ask for is not missed: another context, whose warnings nobody hears.
            return InFolder(new MLContext(), here).Where(photo => IsMatch(names, photo.Id.Split('/')))
                .Select(photo => Path.Join(folder, photo.Id)).Select(path => new PhotoQuery(path, path));
        }

        string[] found = !IsGlob(names[0]) ? [names[0]]
            : [.. Directory.EnumerateFileSystemEntries(here, names[0], s_names).Select(path => Path.GetFileName(path))
                .Where(name => FolderNames.IsHidden(names[0]) || !(FolderNames.IsHidden(name) || FolderNames.IsFolderOfSystem(name)))
                .Order(StringComparer.Ordinal)];
        return found.Select(name => Path.Join(folder, name)).Where(Path.Exists).SelectMany(path => Match(ml, path, names[1..]));
    }

    private static bool IsMatch(ReadOnlySpan<string> glob, ReadOnlySpan<string> names)
    {
        if (glob.IsEmpty)
            return names.IsEmpty;
        if (glob[0] == AnyFolders)
            return IsMatch(glob[1..], names) || (!names.IsEmpty && IsMatch(glob, names[1..]));
        return !names.IsEmpty && FileSystemName.MatchesSimpleExpression(glob[0], names[0]) && IsMatch(glob[1..], names[1..]);
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string ImagePath { get; set; } = "";
    }
}
