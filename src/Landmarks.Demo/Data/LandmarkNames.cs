using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The names of landmarks, by their labels.</summary>
internal sealed class LandmarkNames
{
    private readonly Dictionary<string, string> _names;

    private LandmarkNames(IEnumerable<KeyValuePair<string, string>> names) => _names = new(names);

    /// <summary>No names.</summary>
    public static LandmarkNames None { get; } = new([]);

    /// <summary>Reads <c>landmark_id,name</c> or <c>landmark_id,category</c>. A landmark without a name is called by its label.</summary>
    public static LandmarkNames Read(MLContext ml, string file) => Read(ml, ml.Data.LoadLandmarkNames(file));

    /// <summary>Reads Label and Name. A landmark without a name is called by its label.</summary>
    public static LandmarkNames Read(MLContext ml, IDataView names)
        => new(ml.Data.CreateEnumerable<Row>(names, reuseRowObject: false)
            .Where(row => row.Name.Length > 0).Select(row => KeyValuePair.Create(row.Label, row.Name)));

    /// <summary>Opens names by labels as a view of Label and Name; null where there is none.</summary>
    public static Func<MLContext, IDataView>? Opener(IReadOnlyDictionary<string, string> names)
    {
        Row[] rows = [.. names.Select(name => new Row { Label = name.Key, Name = name.Value })];
        return rows.Length == 0 ? null : ml => ml.Data.LoadFromEnumerable(rows);
    }

    /// <summary>All names, by their labels.</summary>
    public IReadOnlyDictionary<string, string> All => _names;

    /// <summary>The landmark's name, or its label where it has none.</summary>
    public string Of(string label) => _names.GetValueOrDefault(label, label);

    /// <summary>These names, and others of landmarks that have none here.</summary>
    public IReadOnlyDictionary<string, string> Over(IReadOnlyDictionary<string, string> others)
        => new Dictionary<string, string>([.. others.Where(other => !_names.ContainsKey(other.Key)), .. _names]);

    private sealed class Row
    {
        public string Label { get; init; } = "";

        public string Name { get; init; } = "";
    }
}
