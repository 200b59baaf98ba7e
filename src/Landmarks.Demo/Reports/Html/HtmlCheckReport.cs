using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Writes a report on a check: photographs side by side, what is wrong with them, and what to do.</summary>
internal static class HtmlCheckReport
{
    // The last kind that makes a model answer wrongly, or flatters what is measured.
    private static readonly LandmarkFindingKind s_worst = LandmarkFindingKind.Contamination;

    /// <param name="stream">Takes the page.</param>
    /// <param name="report">What it tells.</param>
    /// <param name="groups">The findings that it shows.</param>
    /// <param name="pictureOf">The address of a photograph's picture, by its path; null where there is none.</param>
    /// <param name="hasFiles">Whether pictures are files beside the page.</param>
    /// <returns>How many bytes the page has.</returns>
    public static long Write(Stream stream, CheckReport report, IReadOnlyList<FindingGroup> groups, Func<string?, string?> pictureOf,
        bool hasFiles)
        => HtmlPage.Write(stream, "Landmark check", report.Subject, report.Made, hasFiles, Parts(report, groups, pictureOf),
            Extent(report, groups));

    private static IEnumerable<Markup> Parts(CheckReport report, IReadOnlyList<FindingGroup> groups, Func<string?, string?> pictureOf)
    {
        yield return Summary(report, groups);
        var card = new FindingCard(pictureOf);
        int number = 0;
        foreach (FindingGroup group in groups)
        {
            yield return $"""

                <section aria-labelledby="{group.Id}">
                <h2 id="{group.Id}">{FindingKinds.TitleOf(group.Kind)} <span class="count">{CountOf(group)}</span></h2>
                <p class="note">{FindingKinds.RemedyOf(group.Kind)}</p>
                <div class="cards pairs">
                """;
            foreach (Finding finding in group.Shown)
                yield return card.Write(finding, ++number);
            yield return $"</div></section>";
        }

        if (groups.Count > 0)
            yield return Reading();
    }

    private static Markup Summary(CheckReport report, IReadOnlyList<FindingGroup> groups) => $"""

        <section aria-labelledby="summary"><h2 id="summary">{Quantity.Of(report.Findings.Count, "finding")}</h2>
        {(groups.Count == 0 ? Markup.None : Markup.Of($"""<dl class="tiles">{groups.Select(Tile)}</dl>"""))}
        {Limits(report.Limits)}</section>
        """;

    private static Markup Limits(string limits)
        => limits.Length == 0 ? Markup.None : $"""<p class="note">Not looked for: {limits}.</p>""";

    private static Markup Tile(FindingGroup group) => $"""
        <div class="tile {(group.Kind <= s_worst ? "bad" : "plain")}">
        <dt><a href="#{group.Id}">{FindingKinds.TitleOf(group.Kind)}</a></dt><dd>{group.All}</dd></div>
        """;

    private static Markup Reading() => $"""

        <section aria-labelledby="reading"><h2 id="reading">How to read a card</h2>
        <dl class="reading">
        <dt>likeness</dt><dd>How far the pixels of two photographs agree: 1 where they are the same.</dd>
        <dt>margin</dt><dd>By how much the votes of the nearest photographs for another landmark exceed those for its own, as a multiple of
        what half of all photographs get from their own landmark.</dd>
        <dt>surer than</dt><dd>How many of the landmarks' own photographs are named less surely than this photograph of none would be.</dd>
        <dt>pictures</dt><dd>The middle square of a photograph, which is what the network sees.</dd>
        </dl></section>
        """;

    private static string Extent(CheckReport report, IReadOnlyList<FindingGroup> groups)
        => report.Findings.Count == 0 ? "Nothing was found."
        : groups.Sum(group => group.Shown.Count) is var shown && shown == report.Findings.Count ? "All findings are shown."
        : $"{shown} of {Quantity.Of(report.Findings.Count, "finding")} are shown; --report-cards N shows more.";

    private static string CountOf(FindingGroup group)
        => group.All > group.Shown.Count ? $"{group.Shown.Count} of {group.All}" : $"{group.All}";
}
