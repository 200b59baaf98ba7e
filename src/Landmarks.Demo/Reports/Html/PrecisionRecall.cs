namespace Landmarks.Demo.Reports.Html;

/// <summary>How precise the surest answers are, down to each score.</summary>
internal static class PrecisionRecall
{
    private const int Width = 560, Height = 300, Left = 66, Top = 12, PlotWidth = Width - Left - 26, PlotHeight = Height - Top - 44;
    private const int MiddleX = Left + PlotWidth / 2, MiddleY = Top + PlotHeight / 2;

    // More than anyone sees.
    private const int MostPoints = 400;

    /// <summary>
    /// A point for each right best guess by falling score, of equal ones by id, as the global average precision has it: the share of the
    /// photographs of landmarks that are answered right so far, and the share of right ones among the answers so far.
    /// </summary>
    public static IReadOnlyList<(double Recall, double Precision)> PointsOf(LandmarkReport report)
    {
        int landmarks = report.Answers.Count(a => a.Shows is { Count: > 0 });
        var points = new List<(double Recall, double Precision)>();
        int rank = 0;
        foreach (ReportedAnswer answer in report.Answers
            .Where(a => a.Shows is not null && a.Answer is { Landmark: not null, Score: not null })
            .OrderByDescending(a => a.Answer.Score).ThenBy(a => a.Id, StringComparer.Ordinal))
        {
            rank++;
            if (answer.IsGuessRight)
                points.Add(((points.Count + 1.0) / landmarks, (points.Count + 1.0) / rank));
        }

        return points;
    }

    /// <summary>Draws the curve; nothing where no best guess is right.</summary>
    public static Markup Draw(LandmarkReport report)
    {
        IReadOnlyList<(double Recall, double Precision)> points = PointsOf(report);
        if (points.Count == 0)
            return Markup.None;
        int step = (points.Count + MostPoints - 1) / MostPoints;
        IEnumerable<(double Recall, double Precision)> drawn = points.Where((_, i) => i % step == 0 || i == points.Count - 1)
            .Prepend((0, points[0].Precision));
        string line = string.Join(' ', drawn.Select(p => $"{X(p.Recall)},{Y(p.Precision)}"));
        (double recall, double precision) = points[^1];
        return $"""
            <figure class="curve">
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="curve-title curve-text">
            <title id="curve-title">Precision and recall</title>
            <desc id="curve-text">From the surest answers down, precision begins at {Figures.Percent(points[0].Precision)}; at the last
            right answer the recall is {Figures.Percent(recall)} and the precision {Figures.Percent(precision)}.</desc>
            {Enumerable.Range(0, 5).Select(i => Grid(i / 4.0))}
            <text class="axis" x="{MiddleX}" y="{Height - 6}" text-anchor="middle">recall: photographs of landmarks answered right</text>
            <text class="axis" x="14" y="{MiddleY}" text-anchor="middle" transform="rotate(-90 14 {MiddleY})">precision</text>
            <polyline class="line" points="{line}"/>
            {Threshold(report)}
            </svg>
            <figcaption>Best guesses by falling score, whatever the
            verdict.{(report.HasVerdicts ? " The dot is what the verdict lets pass." : "")}</figcaption>
            </figure>
            """;
    }

    private static Markup Grid(double share) => $"""
        <line class="grid" x1="{Left}" y1="{Y(share)}" x2="{Left + PlotWidth}" y2="{Y(share)}"/>
        <text class="tick" x="{Left - 6}" y="{Y(share)}" dy="4" text-anchor="end">{Figures.Percent(share)}</text>
        <line class="grid" x1="{X(share)}" y1="{Top}" x2="{X(share)}" y2="{Top + PlotHeight}"/>
        <text class="tick" x="{X(share)}" y="{Top + PlotHeight + 16}" text-anchor="middle">{Figures.Percent(share)}</text>

        """;

    private static Markup Threshold(LandmarkReport report)
    {
        int right = report.Count(Outcome.Right), wrong = report.Count(Outcome.WrongLandmark) + report.Count(Outcome.FalseAlarm);
        if (!report.HasVerdicts || right + wrong == 0)
            return Markup.None;
        double recall = (double)right / report.Answers.Count(a => a.Shows is { Count: > 0 }), precision = (double)right / (right + wrong);
        return $"""
            <circle class="point" cx="{X(recall)}" cy="{Y(precision)}" r="5">
            <title>With the verdict: recall {Figures.Percent(recall)}, precision {Figures.Percent(precision)}</title></circle>
            """;
    }

    private static string X(double recall) => Figures.Place(Left + recall * PlotWidth);

    private static string Y(double precision) => Figures.Place(Top + (1 - precision) * PlotHeight);
}
