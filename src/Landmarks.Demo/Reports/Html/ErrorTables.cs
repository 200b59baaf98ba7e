namespace Landmarks.Demo.Reports.Html;

/// <summary>What errors have in common.</summary>
internal static class ErrorTables
{
    private const int MostRows = 10;

    /// <summary>Pairs of a landmark that is shown and one that was answered in its place, the most frequent first.</summary>
    public static IReadOnlyList<(string Shown, string Answered, IReadOnlyList<ReportedAnswer> Answers)> Confusions(LandmarkReport report)
        => [.. report.Answers.Where(a => a.Outcome == Outcome.WrongLandmark)
            .GroupBy(a => (Shown: string.Join(", ", a.Shows!.Select(report.NameOf)), Answered: report.NameOf(a.Answer.Landmark!)))
            .Select(pair => (pair.Key.Shown, pair.Key.Answered, (IReadOnlyList<ReportedAnswer>)[.. pair]))
            .OrderByDescending(pair => pair.Item3.Count).ThenBy(pair => pair.Shown, StringComparer.Ordinal)];

    /// <summary>Landmarks that photographs of none were answered with, the most frequent first.</summary>
    public static IReadOnlyList<(string Landmark, IReadOnlyList<ReportedAnswer> Answers)> FalseAlarms(LandmarkReport report)
        => [.. report.Answers.Where(a => a.Outcome == Outcome.FalseAlarm)
            .GroupBy(a => report.NameOf(a.Answer.Landmark!))
            .Select(landmark => (landmark.Key, (IReadOnlyList<ReportedAnswer>)[.. landmark]))
            .OrderByDescending(landmark => landmark.Item2.Count).ThenBy(landmark => landmark.Key, StringComparer.Ordinal)];

    /// <summary>
    /// Reference photographs that voted for a landmark that was not shown, those that did it most first. Photographs of no landmark that
    /// got no answer are left out: there any vote is for the wrong one, and did no harm.
    /// </summary>
    public static IReadOnlyList<(string Id, string Landmark, int Wrong, int Right)> WrongVoters(LandmarkReport report)
        => [.. report.Answers.Where(a => a.Shows is not null && a.Outcome != Outcome.RightlyNone)
            .SelectMany(a => a.Answer.Neighbors.Select(n => (n.Id, n.Landmark, IsRight: a.ShowsLandmark(n.Landmark))))
            .GroupBy(vote => (vote.Id, vote.Landmark))
            .Select(votes => (votes.Key.Id, votes.Key.Landmark, Wrong: votes.Count(v => !v.IsRight), Right: votes.Count(v => v.IsRight)))
            .Where(voter => voter.Wrong > 0)
            .OrderByDescending(voter => voter.Wrong).ThenBy(voter => voter.Right).ThenBy(voter => voter.Id, StringComparer.Ordinal)];

    /// <summary>The reference photographs whose pictures <see cref="Write"/> shows.</summary>
    public static IEnumerable<string> References(LandmarkReport report) => WrongVoters(report).Take(MostRows).Select(voter => voter.Id);

    /// <param name="report">The report.</param>
    /// <param name="pictures">Its pictures.</param>
    /// <param name="link">A photograph's name, as a link where its card is shown.</param>
    public static Markup Write(LandmarkReport report, IReportPictures pictures, Func<ReportedAnswer, Markup> link)
    {
        var confusions = Confusions(report);
        var falseAlarms = FalseAlarms(report);
        var voters = WrongVoters(report);
        return Markup.Join(
        [
            Table("confused", "Confused pairs", ["Shown", "Answered", "Times", "The surest"], confusions.Count, confusions.Take(MostRows)
                .Select(pair => Row([Name(pair.Shown), Name(pair.Answered), $"{pair.Answers.Count}", link(Surest(pair.Answers))]))),
            Table("attracting", "Landmarks that attract false alarms", ["Landmark", "Times", "The surest"], falseAlarms.Count,
                falseAlarms.Take(MostRows)
                .Select(landmark => Row([Name(landmark.Landmark), $"{landmark.Answers.Count}", link(Surest(landmark.Answers))]))),
            Table("wrong-voters", "Reference photographs that vote wrongly most", ["Photograph", "Votes for", "Wrong votes", "Right votes"],
                voters.Count, voters.Take(MostRows).Select(voter => Row([Reference(voter.Id, pictures), Name(report.NameOf(voter.Landmark)),
                    $"{voter.Wrong}", $"{voter.Right}"]))),
        ]);
    }

    private static ReportedAnswer Surest(IEnumerable<ReportedAnswer> answers) => answers.MaxBy(a => a.Answer.Score!.Value)!;

    private static Markup Name(string name) => $"""<bdi>{name}</bdi>""";

    private static Markup Reference(string id, IReportPictures pictures)
        => $"""
        {PhotographCard.Picture(pictures.OfReference(id), 48, $"Reference photograph {id}")} <span class="id"><bdi>{id}</bdi></span>
        """;

    private static Markup Row(IEnumerable<Markup> cells) => $"""<tr>{cells.Select(cell => Markup.Of($"<td>{cell}</td>"))}</tr>""";

    private static Markup Table(string id, string title, string[] columns, int count, IEnumerable<Markup> rows) => count == 0
        ? Markup.None
        : $"""

        <section aria-labelledby="{id}"><h2 id="{id}">{title}</h2>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="{id}"><table>
        <thead><tr>{columns.Select(column => Markup.Of($"""<th scope="col">{column}</th>"""))}</tr></thead>
        <tbody>{rows}</tbody></table></div>
        {(count > MostRows ? Markup.Of($"""<p class="note">The first {MostRows} of {count}.</p>""") : Markup.None)}</section>
        """;
}
