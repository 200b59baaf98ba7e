using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>What a report tells.</summary>
internal sealed record LandmarkReport
{
    /// <summary>How many of the best landmarks it tells of: the winner and the runner-up.</summary>
    public const int TopLandmarks = 2;

    /// <summary>What it is of, in a few words.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset Made { get; init; }

    /// <summary>All photographs, in the order in which they were asked.</summary>
    public required IReadOnlyList<ReportedAnswer> Answers { get; init; }

    /// <summary>The share of photographs of no landmark that may be answered; null where the model has no verdict.</summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>Likewise of landmarks that the model does not know; null where that has no part in the verdict.</summary>
    public double? UnknownLandmarkRate { get; init; }

    /// <summary>How well the photographs were answered; null where none is known to show a landmark.</summary>
    public LandmarkMetrics? Metrics { get; init; }

    /// <summary>How well methods answered the same photographs; none where no methods were compared.</summary>
    public IReadOnlyList<ReportedMethod> Methods { get; init; } = [];

    /// <summary>What landmarks are called, by their labels.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    public bool HasTruth => Answers.Any(answer => answer.Shows is not null);

    public bool HasVerdicts => Answers.Any(answer => answer.Answer.IsLandmark is not null);

    public string NameOf(string label) => Names.GetValueOrDefault(label, label);

    public int Count(Outcome outcome) => Answers.Count(answer => answer.Outcome == outcome);

    /// <summary>The rates that were measured, as <see cref="LandmarkVerdictMetrics"/> counts them; those of no photograph are left
    /// out.</summary>
    public IEnumerable<ReportedRate> Rates()
    {
        ReportedAnswer[] known = [.. Answers.Where(answer => answer.Shows is not null)], none = [.. known.Where(a => a.Shows!.Count == 0)],
            unknown = [.. known.Where(a => a.IsUnknown)], right = [.. known.Where(a => a.IsGuessRight)],
            shown = [.. known.Where(a => a.Shows!.Count > 0 && !a.IsUnknown)];
        return new ReportedRate[]
        {
            new("False alarms", "photographs of no landmark that were answered", FalseAlarmRate, Measure(none, a => a.IsAnswered)),
            new("Unknown landmarks", "photographs of landmarks that the model does not know, answered all the same", UnknownLandmarkRate,
                Measure(unknown, a => a.IsAnswered)),
            new("Wrong landmarks", "photographs of a landmark that were answered with another", null,
                Measure(shown, a => a.IsAnswered && !a.IsGuessRight)),
            new("Missed", "photographs of a landmark that got no answer", null, Measure(shown, a => !a.IsAnswered)),
            new("Right answers kept", "right best guesses that the verdict lets pass", null,
                HasVerdicts ? Measure(right, a => a.IsAnswered) : default),
        }.Where(rate => rate.Measured.Total > 0);
    }

    private static MeasuredRate Measure(ReportedAnswer[] answers, Func<ReportedAnswer, bool> isCounted)
        => new(answers.Count(isCounted), answers.Length);
}
