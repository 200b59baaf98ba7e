using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Writes a report on answers.</summary>
internal static class HtmlReport
{
    /// <param name="stream">Takes the page.</param>
    /// <param name="report">What it tells.</param>
    /// <param name="groups">The photographs that it shows.</param>
    /// <param name="pictures">Their pictures.</param>
    /// <param name="hasFiles">Whether pictures are files beside the page.</param>
    /// <returns>How many bytes the page has.</returns>
    public static long Write(Stream stream, LandmarkReport report, IReadOnlyList<CardGroup> groups, IReportPictures pictures, bool hasFiles)
    {
        int shown = groups.Sum(group => group.Shown.Count);
        return HtmlPage.Write(stream, "Landmark report", report.Subject, report.Made, hasFiles, Parts(report, groups, pictures),
            Extent(report, shown));
    }

    private static IEnumerable<Markup> Parts(LandmarkReport report, IReadOnlyList<CardGroup> groups, IReportPictures pictures)
    {
        Dictionary<ReportedAnswer, int> numbers = new(ReferenceEqualityComparer.Instance);
        foreach (ReportedAnswer answer in report.Answers)
            numbers.Add(answer, numbers.Count + 1);
        HashSet<ReportedAnswer> shown = new(groups.SelectMany(group => group.Shown), ReferenceEqualityComparer.Instance);
        var card = new PhotographCard(report, pictures);
        yield return Summary(report);
        yield return Measures(report);
        yield return Methods(report);
        foreach (CardGroup group in groups)
        {
            yield return $"""

                <section aria-labelledby="{group.Id}">
                <h2 id="{group.Id}">{group.Title} <span class="count">{CountOf(group)}</span></h2>
                <p class="note">Order: {group.Order}.</p>
                <div class="cards">
                """;
            foreach (ReportedAnswer photograph in group.Shown)
                yield return card.Write(photograph, numbers[photograph]);
            yield return $"""</div></section>""";
        }

        yield return ErrorTables.Write(report, pictures, Link);
        yield return Reading();

        Markup Link(ReportedAnswer photograph)
        {
            Markup name = $"<bdi>{photograph.Id}</bdi>";
            return shown.Contains(photograph) ? $"""<a href="#{PhotographCard.IdOf(numbers[photograph])}">{name}</a>""" : name;
        }
    }

    private static Markup Summary(LandmarkReport report)
    {
        (string Kind, string Name, Outcome Outcome)[] counted = report.HasTruth
            ?
            [
                ("good", "right", Outcome.Right), ("good", "rightly no landmark", Outcome.RightlyNone),
                ("bad", "wrong landmark", Outcome.WrongLandmark), ("bad", "false alarm", Outcome.FalseAlarm),
                ("bad", "missed", Outcome.Missed), ("plain", "landmark, truth unknown", Outcome.Landmark),
                ("plain", "no landmark, truth unknown", Outcome.NoLandmark), ("bad", "no answer", Outcome.Unreadable),
            ]
            :
            [
                ("plain", "landmark", Outcome.Landmark), ("plain", "no landmark", Outcome.NoLandmark),
                ("bad", "no answer", Outcome.Unreadable),
            ];
        bool isKept(Outcome outcome) => report.Count(outcome) > 0 || (report.HasTruth ? outcome < Outcome.Landmark : report.HasVerdicts)
            && outcome != Outcome.Unreadable;
        return $"""

            <section aria-labelledby="summary"><h2 id="summary">{Quantity.Of(report.Answers.Count, "photograph")}</h2>
            <dl class="tiles">{counted.Where(c => isKept(c.Outcome)).Select(c => Markup.Of($"""
            <div class="tile {c.Kind}"><dt>{c.Name}</dt><dd>{report.Count(c.Outcome)}</dd></div>
            """))}</dl>
            <p class="note">{Promise(report)}</p></section>
            """;
    }

    private static Markup Promise(LandmarkReport report)
    {
        if (!report.HasVerdicts)
            return $"The model has no verdict, so each answer is its best guess.";
        if (report.FalseAlarmRate is not { } rate)
            return $"No landmark is answered where the model's verdict says so.";
        Markup unknown = report.UnknownLandmarkRate is { } most
            ? $", and at most {Figures.Percent(most)} (\u03b2) of photographs of landmarks that the model does not know, an estimate"
            : Markup.None;
        return $"""
            The verdict is to answer at most {Figures.Percent(rate)} (α) of photographs of no landmark, of those like the ones that
            the model was fitted to{unknown}. A photograph is answered where its probability is at most that.
            """;
    }

    private static Markup Measures(LandmarkReport report)
    {
        if (!report.HasTruth)
            return Markup.None;
        return $"""

            <section aria-labelledby="measured"><h2 id="measured">Measured</h2>
            <div class="measured"><div class="scroll" tabindex="0" role="region" aria-labelledby="measured"><table class="rates">
            <thead><tr><th scope="col">Rate</th><th scope="col">Stated</th><th scope="col">Measured</th><th scope="col">95 % interval</th>
            <th scope="col">0 to 100 %</th></tr></thead>
            <tbody>{report.Rates().Select(Rate)}</tbody></table></div>
            {Metrics(report)}
            {PrecisionRecall.Draw(report)}</div></section>
            """;
    }

    private static Markup Rate(ReportedRate rate)
    {
        MeasuredRate measured = rate.Measured;
        return $"""

            <tr><th scope="row">{rate.Name} <span class="meaning">{rate.Meaning}</span></th>
            <td>{(rate.Stated is { } stated ? $"at most {Figures.Percent(stated)}" : "")}</td>
            <td><b>{Figures.Percent(measured.Rate)}</b> <span class="meaning">{measured.Count} of {measured.Total}</span></td>
            <td>{Figures.Interval(measured.Low, measured.High)}</td><td>{Bars.Rate(rate)}</td></tr>
            """;
    }

    private static Markup Metrics(LandmarkReport report) => report.Metrics is not { } metrics ? Markup.None : $"""
        <dl class="tiles">
        {Metric("global average precision", metrics.GlobalAveragePrecision, metrics.GlobalAveragePrecisionInterval)}
        {Metric("accuracy of best guesses", metrics.Accuracy, metrics.AccuracyInterval)}
        </dl>
        """;

    private static Markup Metric(string name, double value, MetricInterval? interval)
    {
        Markup ends = interval is { } i
            ? $"""<dd class="interval">95 %: {Figures.Share(i.Low)} to {Figures.Share(i.High)}</dd>""" : Markup.None;
        return $"""<div class="tile plain"><dt>{name}</dt><dd>{Figures.Share(value)}</dd>{ends}</div>""";
    }

    private static Markup Methods(LandmarkReport report) => report.Methods.Count == 0 ? Markup.None : $"""

        <section aria-labelledby="methods"><h2 id="methods">Methods</h2>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="methods"><table>
        <thead><tr><th scope="col">Method</th><th scope="col">Pixels</th><th scope="col">Global average precision</th>
        <th scope="col">Accuracy</th></tr></thead>
        <tbody>{report.Methods.Select(Method)}</tbody></table></div></section>
        """;

    private static Markup Method(ReportedMethod method)
    {
        LandmarkMetrics metrics = method.Metrics;
        return $"""

            <tr class="{(method.IsReported ? "reported" : "other")}">
            <th scope="row"><bdi>{method.Name}</bdi>{MarkOf(method)}</th><td>{method.ImageSize}</td>
            <td>{Figures.Measure(metrics.GlobalAveragePrecision, metrics.GlobalAveragePrecisionInterval)}</td>
            <td>{Figures.Measure(metrics.Accuracy, metrics.AccuracyInterval)}</td></tr>
            """;
    }

    private static string MarkOf(ReportedMethod method)
        => method.IsReported ? ", shown below" : method.IsGiven ? ", not fitted here" : "";

    private static Markup Reading() => $"""

        <section aria-labelledby="reading"><h2 id="reading">How to read a card</h2>
        <dl class="reading">
        <dt>cosine {Bars.Minus} penalty = vote</dt><dd>How alike a reference photograph is, less its own likeness to photographs of no
        landmark. The solid part of a bar is the vote, the pale part the penalty; votes for the landmark that was answered are blue.</dd>
        <dt>penalty of the photograph</dt><dd>The mean of its cosines to the photographs of no landmark that are most alike, of which
        three are shown.</dd>
        <dt>margin</dt><dd>The sum of the winner's votes less the runner-up's. A tuned model raises votes to a power before it adds them
        up.</dd>
        <dt>false-alarm probability</dt><dd>How often a photograph of no landmark is answered as surely as this one, by those that were
        held out of the fit. The scale of its bar is logarithmic, from 0.001 to 1; the colored part is where a landmark is answered.</dd>
        <dt>95 % interval</dt><dd>Where the true rate lies for photographs like these: Clopper and Pearson's of rates, 2,000 resamples
        for the others.</dd>
        <dt>pictures</dt><dd>The middle square of a photograph, which is what the network sees.</dd>
        </dl></section>
        """;

    private static string Extent(LandmarkReport report, int shown) => shown == report.Answers.Count
        ? "All photographs are shown."
        : $"{shown} of {Quantity.Of(report.Answers.Count, "photograph")} are shown; --report-cards N shows more.";

    private static string CountOf(CardGroup group)
        => group.All > group.Shown.Count ? $"{group.Shown.Count} of {group.All}" : $"{group.All}";
}
