namespace Landmarks.Demo.Data;

/// <summary>The names of landmarks, by their labels.</summary>
internal sealed class LandmarkNames
{
    private static readonly string[] s_labelColumn = ["landmark_id"], s_nameColumn = ["name"];

    private readonly Dictionary<string, string> _names = [];

    private LandmarkNames() { }

    /// <summary>No names.</summary>
    public static LandmarkNames None { get; } = new();

    /// <summary>Reads <c>landmark_id,name</c>.</summary>
    /// <exception cref="JobFailedException">The file can't be read; the message names file and line.</exception>
    public static LandmarkNames Read(string file)
    {
        var names = new LandmarkNames();
        foreach ((int line, string[] fields) in CsvFile.Read(file, s_labelColumn, s_nameColumn))
        {
            if (!names._names.TryAdd(fields[0], fields[1]))
                throw Errors.Twice(file, line, fields[0]);
        }

        return names;
    }

    /// <summary>The landmark's name, or its label where it has none.</summary>
    public string Of(string label) => _names.GetValueOrDefault(label, label);
}
