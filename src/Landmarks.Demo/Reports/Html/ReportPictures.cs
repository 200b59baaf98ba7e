namespace Landmarks.Demo.Reports.Html;

/// <summary>The pictures of a report, in it or in files beside it.</summary>
internal sealed class ReportPictures : IReportPictures
{
    private const int PhotographSide = 160, ReferenceSide = 80;

    private readonly Func<string, string?> _findReference;
    private readonly Dictionary<string, int> _sides = [];
    private readonly Dictionary<string, string> _addresses = [];

    /// <param name="report">The report.</param>
    /// <param name="groups">The photographs that it shows.</param>
    /// <param name="findReference">The file of a photograph that the model was fitted to, by its id; null where it is not at hand.</param>
    public ReportPictures(LandmarkReport report, IReadOnlyList<CardGroup> groups, Func<string, string?> findReference)
    {
        _findReference = findReference;
        ReportedAnswer[] shown = [.. groups.SelectMany(group => group.Shown)];
        foreach (string path in shown.Select(photograph => photograph.Path).OfType<string>())
            _sides[path] = PhotographSide;
        IEnumerable<string> ids = [.. shown.SelectMany(photograph => PhotographCard.References(photograph.Answer)),
            .. ErrorTables.References(report)];
        foreach (string path in ids.Distinct().Select(findReference).OfType<string>())
            _sides.TryAdd(path, ReferenceSide);
    }

    /// <summary>The photographs that pictures are made of, and how large these are.</summary>
    public IReadOnlyList<(string Path, int Side)> Needed => [.. _sides.Select(side => (side.Key, side.Value))];

    /// <summary>Adds a picture.</summary>
    /// <param name="path">The photograph's.</param>
    /// <param name="address">What the page names it by.</param>
    public void Add(string path, string address) => _addresses[path] = address;

    public string? OfPhotograph(ReportedAnswer photograph) => Of(photograph.Path);

    public string? OfReference(string id) => Of(_findReference(id));

    private string? Of(string? path) => path is null ? null : _addresses.GetValueOrDefault(path);
}
