namespace Landmarks.Demo.Reports.Html;

/// <summary>Photographs that a report shows together.</summary>
/// <param name="Id">Names the group in links.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Order">Which come first.</param>
/// <param name="All">How many there are.</param>
/// <param name="Shown">Those that are shown.</param>
internal sealed record CardGroup(string Id, string Title, string Order, int All, IReadOnlyList<ReportedAnswer> Shown)
{
    private const string SurestFirst = "the surest first";

    /// <summary>Chooses what is shown: errors first, then the most and the least certain answers.</summary>
    /// <param name="report">The report.</param>
    /// <param name="most">How many photographs are shown at most.</param>
    public static IReadOnlyList<CardGroup> Choose(LandmarkReport report, int most)
    {
        CardGroup[] errors =
        [
            Of(Outcome.WrongLandmark, "wrong-landmark", "Wrong landmark", SurestFirst, a => -a.Answer.Score!.Value),
            Of(Outcome.FalseAlarm, "false-alarm", "False alarm", SurestFirst, a => -a.Answer.Score!.Value),
            Of(Outcome.Missed, "missed", "Missed", "the best guesses that came nearest to an answer first", a => -a.Answer.Score!.Value),
            Of(Outcome.Unreadable, "unreadable", "No answer", "in their order", _ => 0),
        ];
        int[] shares = CardShares.Of(most, [.. errors.Select(group => group.All)]);
        CardGroup[] shown = [.. errors.Zip(shares, (group, share) => group with { Shown = [.. group.Shown.Take(share)] })];
        ReportedAnswer[] rest = [.. report.Answers.Where(a => a.Outcome > Outcome.Unreadable)
            .OrderByDescending(a => a.Answer.Score!.Value)];
        int left = Math.Min(most - shares.Sum(), rest.Length), certain = (left + 1) / 2;
        var leastCertain = DoubtOf(report);
        return
        [
            .. shown.Where(group => group.All > 0),
            .. left == 0 ? [] : new[]
            {
                new CardGroup("most-certain", "Most certain", "by falling score", All(certain), rest[..certain]),
                new CardGroup("least-certain", "Least certain", leastCertain.Order, All(left - certain),
                    [.. rest[certain..].Reverse().OrderBy(leastCertain.Key).Take(left - certain)]),
            }.Where(group => group.Shown.Count > 0),
        ];

        // Where all are shown, no group lacks one.
        int All(int shown) => left == rest.Length ? shown : rest.Length;

        CardGroup Of(Outcome outcome, string id, string title, string order, Func<ReportedAnswer, float> key)
        {
            ReportedAnswer[] all = [.. report.Answers.Where(a => a.Outcome == outcome).OrderBy(key)];
            return new CardGroup(id, title, order, all.Length, all);
        }
    }

    // A verdict is in doubt near its threshold, whichever side of it; without one, an answer of a low score.
    private static (string Order, Func<ReportedAnswer, double> Key) DoubtOf(LandmarkReport report)
        => report.FalseAlarmRate is { } rate && report.Answers.Any(a => a.Answer.FalseAlarmProbability is not null)
            ? ("those nearest to the threshold of the verdict first",
                a => a.Answer.FalseAlarmProbability is { } p ? Math.Abs(Math.Log(p / rate)) : double.PositiveInfinity)
            : ("by rising score", a => a.Answer.Score!.Value);
}
