namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>Measures how well several sets of predictions answer the same queries.</summary>
internal sealed class QueryEvaluation
{
    private readonly MeasuredQueries _queries;
    private readonly IReadOnlyList<AnswerSet> _sets;
    private readonly HashSet<string>? _known;
    private readonly RankedAnswers[] _ranked;
    private readonly Measures[] _measures;

    // For each resample one of each set.
    private readonly Measures[][] _resampled;

    /// <param name="queries">At least one shows a landmark.</param>
    /// <param name="sets">Their answers, and those to other queries, which are left out.</param>
    /// <param name="known">The landmarks that the model knows, normalized; null where that is not told.</param>
    /// <param name="options">How they are measured.</param>
    public QueryEvaluation(MeasuredQueries queries, IReadOnlyList<AnswerSet> sets, HashSet<string>? known,
        LandmarkEvaluationOptions options)
    {
        (_queries, _sets, _known) = (queries, sets, known);
        _ranked = [.. sets.Select(set => new RankedAnswers(queries, set.Answers, options.IgnoreNonLandmarks))];
        _measures = [.. _ranked.Select(r => r.Measure())];
        _resampled = [.. queries.Resample(options.NumberOfResamples, options.CancellationToken)
            .Select(draw => _ranked.Select(r => r.Measure(draw.Copies, draw.WithLandmark)).ToArray())];
    }

    /// <summary>The measures of one set.</summary>
    public LandmarkMetrics Describe(int set, int ignoredCount, LandmarkMetrics? inPublic = null, LandmarkMetrics? inPrivate = null)
        => new(_measures[set].Gap, _measures[set].Accuracy, _queries.Count, _sets[set].Answers.Count(a => _queries.PlaceOf(a.Id) >= 0),
            _queries.WithLandmarkCount, _ranked[set].RightCount)
        {
            GlobalAveragePrecisionInterval = IntervalOf(all => all[set].Gap),
            AccuracyInterval = IntervalOf(all => all[set].Accuracy),
            Verdict = _sets[set].HasVerdicts ? MeasuredVerdicts.Measure(_queries, _sets[set].Answers, _known) : null,
            IgnoredCount = ignoredCount,
            Public = inPublic,
            Private = inPrivate,
        };

    /// <summary>How much better one set is than the first.</summary>
    public LandmarkComparison Compare(int set, LandmarkMetrics metrics)
    {
        Measures difference = _measures[set] - _measures[0];
        return new LandmarkComparison
        {
            Metrics = metrics,
            GlobalAveragePrecisionDifference = difference.Gap,
            GlobalAveragePrecisionDifferenceInterval = IntervalOf(all => (all[set] - all[0]).Gap),
            AccuracyDifference = difference.Accuracy,
            AccuracyDifferenceInterval = IntervalOf(all => (all[set] - all[0]).Accuracy),
        };
    }

    private MetricInterval? IntervalOf(Func<Measures[], double> measure)
        => _resampled.Length == 0 ? null : MetricInterval.Of([.. _resampled.Select(measure)]);
}
