namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a landmark is called.</summary>
internal sealed record LandmarkNameRow(string Label, string Name)
{
    private const string LabelColumn = "landmark_id", NameColumn = "name", CategoryColumn = "category";
    private const string CategoryStart = "://commons.wikimedia.org/wiki/Category:";

    /// <summary>
    /// Reads <c>landmark_id,name</c>, or <c>landmark_id,category</c>, whose addresses of categories on Wikimedia Commons end in the names.
    /// </summary>
    public static Func<LandmarkNameRow> Open(CsvReader reader)
    {
        const string Needed = $"'{LabelColumn}' and '{NameColumn}' or '{CategoryColumn}'";
        int label = reader.IndexOf(LabelColumn, Needed), name = reader.IndexOf(NameColumn);
        int category = name < 0 ? reader.IndexOf(CategoryColumn, Needed) : name;
        var labels = new HashSet<string>();
        return () =>
        {
            string key = reader.ReadName(reader.ReadText(label)), text = reader.ReadText(category);
            if (key.Length == 0)
                throw Errors.CsvText(reader.File, reader.Line, LabelColumn, key);
            if (!labels.Add(key))
                throw Errors.CsvTwice(reader.File, reader.Line, key);
            return new LandmarkNameRow(key, name < 0 ? OfCategory(text) ?? throw Errors.CsvCategory(reader.File, reader.Line, text) : text);
        };
    }

    private static string? OfCategory(string address)
    {
        int start = address.IndexOf(CategoryStart, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? null : Uri.UnescapeDataString(address[(start + CategoryStart.Length)..]).Replace('_', ' ');
    }
}
