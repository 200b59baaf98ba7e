namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// The fingerprints of what a step was fitted on. They are saved with it, and it refuses columns that other steps made: what it has learned
/// of one network's values says nothing of another's, and the answers would be wrong without a word.
/// </summary>
/// <remarks>
/// A step of another library makes a column without a fingerprint. Those of all columns that it may have been made of are kept then, each
/// by its name. Where there is none, nothing is checked: rows from a file, or a model of an older format.
/// </remarks>
internal sealed class Lineage
{
    private const char ChangedMark = '+';

    public static readonly Lineage Unknown = new(isDirect: false, []);

    // Whether the column itself has a fingerprint, which is the only one then.
    private readonly bool _isDirect;
    private readonly SortedDictionary<string, string> _fingerprints = new(StringComparer.Ordinal);

    private Lineage(bool isDirect, IEnumerable<(string Column, string Fingerprint)> fingerprints)
    {
        _isDirect = isDirect;
        foreach ((string column, string fingerprint) in fingerprints)
            _fingerprints[column] = fingerprint;
    }

    /// <summary>What made a column.</summary>
    public static Lineage Of(DataViewSchema schema, DataViewSchema.Column column)
        => Fingerprint.Of(column) is { } own
            ? new Lineage(isDirect: true, [(column.Name, own)])
            : new Lineage(isDirect: false, Fingerprints(schema));

    public static Lineage Load(ModelReader model)
    {
        bool isDirect = model.ReadBoolean();
        List<(string, string)> fingerprints = [];
        for (int left = model.ReadInt32("the number of fingerprints", isDirect ? 1 : 0, isDirect ? 1 : int.MaxValue); left > 0; left--)
            fingerprints.Add((model.ReadColumnName(), model.ReadText("a fingerprint")));
        return new Lineage(isDirect, fingerprints);
    }

    public void Save(ModelWriter model)
    {
        model.Write(_isDirect);
        model.Write(_fingerprints.Count);
        foreach ((string column, string fingerprint) in _fingerprints)
        {
            model.Write(column);
            model.Write(fingerprint);
        }
    }

    /// <summary>Adds them to the fingerprint of a step that was fitted on them.</summary>
    public void WriteTo(BinaryWriter fingerprint)
    {
        fingerprint.Write(_isDirect);
        fingerprint.Write(_fingerprints.Count);
        // Not the names: a column that is called otherwise has the same values.
        foreach (string value in _fingerprints.Values)
            fingerprint.Write(value);
    }

    /// <summary>
    /// A column that is not what this step was fitted on, and both fingerprints; null where there is none. A fingerprint is null where a
    /// step of another library made the column.
    /// </summary>
    /// <param name="found">What made the column that the step is to read.</param>
    public (string Column, string? Found, string? Fitted)? FindOther(Lineage found)
    {
        if (_fingerprints.Count == 0 || found._fingerprints.Count == 0)
            return null;
        if (_isDirect != found._isDirect)
        {
            (string column, string own) = (_isDirect ? this : found)._fingerprints.Single();
            return _isDirect ? (column, null, own) : (column, own, null);
        }

        foreach ((string column, string other) in found._fingerprints)
        {
            if (_fingerprints.TryGetValue(column, out string? fitted) && fitted != other)
                return (column, other, fitted);
        }

        return null;
    }

    // In the order of the schema, hidden columns too: of those with the same name the last one that has one counts, with a mark for each
    // that a step of another library has put in its place.
    private static IEnumerable<(string, string)> Fingerprints(DataViewSchema schema)
    {
        var fingerprints = new Dictionary<string, string>();
        foreach (DataViewSchema.Column column in schema)
        {
            if (Fingerprint.Of(column) is { } own)
                fingerprints[column.Name] = own;
            else if (fingerprints.TryGetValue(column.Name, out string? earlier))
                fingerprints[column.Name] = earlier + ChangedMark;
        }

        return fingerprints.Select(f => (f.Key, f.Value));
    }
}
