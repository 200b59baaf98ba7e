namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query shows, in a file.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="Label">The landmarks that it shows; none where it shows none.</param>
/// <param name="Usage">The part of the challenge that it counts in; empty where the file does not tell.</param>
internal sealed record LandmarkTruthRow(string Id, string[] Label, string Usage)
{
    private const string IdColumn = "id", NameColumn = "landmark_id", ListColumn = "landmarks";

    /// <summary>Reads <c>id,landmark_id</c>, a name, or <c>id,landmarks</c>, ids by blanks; <c>Usage</c> too, where it is there.</summary>
    public static Func<LandmarkTruthRow> Open(CsvReader reader)
    {
        const string Needed = $"'{IdColumn}' and '{NameColumn}' or '{ListColumn}'";
        int id = reader.IndexOf(IdColumn, Needed), name = reader.IndexOf(NameColumn), usage = reader.IndexOfUsage();
        int list = name < 0 ? reader.IndexOf(ListColumn, Needed) : name;
        var ids = new HashSet<string>();
        return () => new LandmarkTruthRow(
            reader.ReadKey(id, ids),
            name < 0 ? ReadList(reader, list) : ReadNames(reader, [reader[name]]),
            usage < 0 ? "" : reader.ReadUsage(usage));
    }

    // A name with blanks can't be told from several names; ids are numbers.
    private static string[] ReadList(CsvReader reader, int column)
    {
        string[] names = ReadNames(reader, reader[column].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return names.Length > 1 && !Array.TrueForAll(names, LandmarkName.IsWholeNumber)
            ? throw Errors.CsvNamesByBlanks(reader.File, reader.Line, reader[column])
            : names;
    }

    private static string[] ReadNames(CsvReader reader, string[] texts)
        => [.. texts.Select(text => LandmarkName.Normalize(reader.ReadName(text)))
        .Where(name => !LandmarkName.IsNone(name))];
}
