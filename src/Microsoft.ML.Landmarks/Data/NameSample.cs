namespace Microsoft.ML.Landmarks.Data;

/// <summary>Names that are told to a user: how many, how many of each ending, and the first.</summary>
internal sealed class NameSample
{
    private const int NamesToKeep = 3, EndingsToTell = 5;

    private readonly List<string> _first = [];
    private readonly Dictionary<string, int> _endings = new(StringComparer.OrdinalIgnoreCase);

    public int Count { get; private set; }

    public IReadOnlyList<string> First => _first;

    /// <summary>The most frequent endings, each with its number.</summary>
    public IEnumerable<(string Ending, int Count)> Endings
        => _endings.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal).Take(EndingsToTell)
            .Select(e => (e.Key, e.Value));

    public void Add(string name)
    {
        if (Count++ < NamesToKeep)
            _first.Add(name);
        string ending = Path.GetExtension(name);
        _endings[ending] = _endings.GetValueOrDefault(ending) + 1;
    }
}
