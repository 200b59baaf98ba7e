using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>A photograph with its answer, and why it is that.</summary>
internal sealed class PhotographCard(LandmarkReport report, IReportPictures pictures)
{
    private const int MostNonLandmarks = 3;

    /// <summary>What links to a photograph's card name.</summary>
    public static string IdOf(int number) => $"photo-{number}";

    /// <summary>The ids of the reference photographs whose pictures a card shows.</summary>
    public static IEnumerable<string> References(LandmarkAnswer answer)
        => [.. answer.Neighbors.Select(n => n.Id), .. answer.NonLandmarkNeighbors.Take(MostNonLandmarks).Select(n => n.Id)];

    /// <param name="photograph">The photograph.</param>
    /// <param name="number">Its place among all, from 1.</param>
    public Markup Write(ReportedAnswer photograph, int number)
    {
        LandmarkAnswer answer = photograph.Answer;
        return $"""

            <article class="card" id="{IdOf(number)}" aria-labelledby="{IdOf(number)}-name">
            <header>
            {Picture(pictures.OfPhotograph(photograph), 160, $"Photograph {photograph.Id}")}
            <div class="answer">
            <h3 id="{IdOf(number)}-name" class="file"><bdi>{photograph.Id}</bdi></h3>
            {Badge(photograph)}
            <p class="verdict">{Verdict(photograph)}</p>
            {Truth(photograph)}
            {RunnerUp(answer)}
            {Probability("False-alarm probability", "\u03b1", answer.FalseAlarmProbability, report.FalseAlarmRate)}
            {Probability("Unknown-landmark probability", "\u03b2", answer.UnknownLandmarkProbability, report.UnknownLandmarkRate)}
            </div>
            </header>
            {Neighbors(photograph)}
            {NonLandmarks(answer)}
            {Missing(answer)}
            </article>
            """;
    }

    /// <summary>A thumbnail, or a box that says that there is none.</summary>
    public static Markup Picture(string? address, int side, string description) => address is null
        ? Markup.Of($"""<span class="no-picture side-{side}" role="img" aria-label="{description}, not at hand">no picture</span>""")
        : $"""<img src="{address}" alt="{description}" width="{side}" height="{side}" loading="lazy" decoding="async" />""";

    private static Markup Badge(ReportedAnswer photograph)
    {
        (string kind, string text) = photograph.Outcome switch
        {
            Outcome.WrongLandmark => ("bad", "Wrong landmark"),
            Outcome.FalseAlarm => ("bad", "False alarm"),
            Outcome.Missed => ("bad", "Missed"),
            Outcome.Unreadable => ("bad", "No answer"),
            Outcome.Right => ("good", "Right"),
            Outcome.RightlyNone => ("good", "Rightly no landmark"),
            Outcome.Landmark => ("plain", "Landmark"),
            _ => ("plain", "No landmark"),
        };
        return $"""<p class="badge {kind}">{text}</p>""";
    }

    private Markup Verdict(ReportedAnswer photograph)
    {
        LandmarkAnswer answer = photograph.Answer;
        if (answer.Error is { } reason)
            return $"""<span class="reason">{reason}</span>""";
        if (answer.Score is not { } score)
            return $"""<span class="reason">The network makes zeros of it, or no finite numbers.</span>""";
        string guess = Name(answer.Landmark, answer.Name);
        if (photograph.IsAnswered)
            return $"""<strong><bdi>{guess}</bdi></strong> <span class="figure">score {Figures.Score(score)}</span>""";
        Markup best = guess.Length == 0
            ? Markup.None : $"""<span class="figure">best guess <bdi>{guess}</bdi>, score {Figures.Score(score)}</span>""";
        return $"<strong>No landmark</strong> {best}";
    }

    private string Name(string? label, string? name) => name ?? (label is null ? "" : report.NameOf(label));

    private Markup Truth(ReportedAnswer photograph)
    {
        if (photograph.Shows is not { } shows)
            return Markup.None;
        if (shows.Count == 0)
            return $"""<p class="truth">Shows no landmark</p>""";
        string guess = photograph is { Outcome: Outcome.Missed, IsGuessRight: true } ? "; the best guess is right" : "";
        return $"""<p class="truth">Shows {Names(shows)}{(photograph.IsUnknown ? ", which the model does not know" : guess)}</p>""";
    }

    private Markup Names(IReadOnlyList<string> labels)
    {
        Markup names = $"""<bdi>{report.NameOf(labels[0])}</bdi>""";
        foreach (string label in labels.Skip(1))
            names = $"""{names}, <bdi>{report.NameOf(label)}</bdi>""";
        return names;
    }

    private static Markup RunnerUp(LandmarkAnswer answer)
    {
        if (answer.Top is not [var best, var second, ..])
            return Markup.None;
        return $"""
            <p class="runner-up">Votes {Figures.Score(best.Score)}; runner-up <bdi>{second.Name}</bdi> {Figures.Score(second.Score)},
            margin <b>{Figures.Score(best.Score - second.Score)}</b></p>
            """;
    }

    private static Markup Probability(string name, string symbol, float? probability, double? stated)
    {
        if (probability is not { } p)
            return Markup.None;
        // As the verdict compares: a probability is a Single, which may be nearest to a rate and yet above it.
        Markup compared = stated is { } rate
            ? $""" {(p <= (float)rate ? "\u2264" : ">")} {symbol} = {Figures.Probability(rate)}""" : Markup.None;
        return $"""
            <div class="probability"><p>{name} <b>{Figures.Probability(p)}</b>{compared}</p>
            {Bars.Probability(p, stated)}</div>
            """;
    }

    private Markup Neighbors(ReportedAnswer photograph)
    {
        LandmarkAnswer answer = photograph.Answer;
        if (answer.Neighbors.Count == 0)
            return Markup.None;
        return $"""
            <h4>The reference photographs that voted: cosine {Bars.Minus} penalty = vote</h4>
            <ol class="rows">{answer.Neighbors.Select(neighbor => Neighbor(photograph, neighbor))}
            </ol>
            """;
    }

    private Markup Neighbor(ReportedAnswer photograph, VotingNeighbor neighbor)
    {
        bool isAnswer = neighbor.Landmark == photograph.Answer.Landmark;
        string right = photograph.ShowsLandmark(neighbor.Landmark) ? ", which it shows" : "";
        return $"""

            <li class="{(isAnswer ? "for" : "against")}">
            {Picture(pictures.OfReference(neighbor.Id), 48, $"Reference photograph {neighbor.Id}")}
            <div><p><b><bdi>{report.NameOf(neighbor.Landmark)}</bdi></b>{right} <span class="id"><bdi>{neighbor.Id}</bdi></span></p>
            {Bars.Vote(neighbor)}
            <p class="sum">{Figures.Score(neighbor.Similarity)} {Bars.Minus} {Figures.Score(neighbor.Penalty)} =
            <b>{Figures.Score(neighbor.Score)}</b></p></div></li>
            """;
    }

    private Markup NonLandmarks(LandmarkAnswer answer)
    {
        if (answer.QueryPenalty is not { } penalty)
            return Markup.None;
        Markup list = answer.NonLandmarkNeighbors.Count == 0 ? Markup.None : $"""
            <ol class="rows likes">{answer.NonLandmarkNeighbors.Take(MostNonLandmarks).Select(NonLandmark)}
            </ol>
            """;
        return $"""
            <h4>Likeness to photographs of no landmark: penalty <b>{Figures.Score(penalty)}</b></h4>
            {list}
            """;
    }

    private Markup NonLandmark(NonLandmarkLikeness like) => $"""

        <li class="none">
        {Picture(pictures.OfReference(like.Id), 48, $"Reference photograph {like.Id}, no landmark")}
        <div>{Bars.Likeness(like.Similarity)}
        <p class="sum">cosine <b>{Figures.Score(like.Similarity)}</b></p></div>
        <p class="id"><bdi>{like.Id}</bdi></p></li>
        """;

    private Markup Missing(LandmarkAnswer answer)
    {
        string[] ids = [.. References(answer)];
        int missing = ids.Count(id => pictures.OfReference(id) is null);
        if (missing == 0)
            return Markup.None;
        string which = missing == ids.Length ? "The reference photographs are" : $"{missing} of {ids.Length} reference photographs are";
        return $"""<p class="missing">{which} not at hand. The option --images names folders to look for them in.</p>""";
    }
}
