namespace Landmarks.Demo.Reports.Html;

/// <summary>A finding: its photographs side by side, how sure it is, and what to do.</summary>
/// <param name="pictureOf">The address of a photograph's picture, by its path; null where there is none.</param>
internal sealed class FindingCard(Func<string?, string?> pictureOf)
{
    /// <summary>The side of its pictures.</summary>
    public const int Side = 160;

    /// <summary>The photographs whose pictures a card shows.</summary>
    public static IEnumerable<string> PathsOf(Finding finding) => new[] { finding.Path, finding.OtherPath }.OfType<string>();

    /// <param name="finding">The finding.</param>
    /// <param name="number">Its place among those that are shown, from 1.</param>
    public Markup Write(Finding finding, int number)
    {
        string id = $"finding-{number}";
        return $"""

            <article class="card" aria-labelledby="{id}">
            <div class="pair">
            {Photograph(id, finding.Id, finding.Path, finding.Place ?? "query")}
            {Other(finding, $"{id}-other")}</div>
            {Score(finding)}
            <p class="advice">{finding.Advice}</p>
            </article>
            """;
    }

    private Markup Other(Finding finding, string id) => finding switch
    {
        { OtherId: { } name } => Photograph(id, name, finding.OtherPath, finding.OtherPlace),
        { OtherName: { } landmark } => $"""<p class="other"><b><bdi>{landmark}</bdi></b></p>""",
        _ => Markup.None,
    };

    private Markup Photograph(string id, string name, string? path, string place) => $"""

        <figure>{PhotographCard.Picture(pictureOf(path), Side, $"Photograph {name}")}
        <figcaption id="{id}"><b><bdi>{place}</bdi></b> <span class="id"><bdi>{name}</bdi></span></figcaption></figure>
        """;

    private static Markup Score(Finding finding) => FindingKinds.Describe(finding.Kind, finding.Score) is { } score
        ? $"""<p class="figure">{score}</p>""" : Markup.None;
}
