
namespace Microsoft.ML;

/// <summary>How well queries were answered.</summary>
public sealed class LandmarkMetrics
{
    internal LandmarkMetrics(double globalAveragePrecision, double accuracy, int queryCount, int answeredCount, int withLandmarkCount,
        int rightCount)
    {
        GlobalAveragePrecision = globalAveragePrecision;
        Accuracy = accuracy;
        QueryCount = queryCount;
        AnsweredCount = answeredCount;
        WithLandmarkCount = withLandmarkCount;
        RightCount = rightCount;
    }

    /// <summary>
    /// GAP, from 0 to 1: the mean, over the queries that show a landmark, of the share of right answers among those at least as confident
    /// as each right answer. It falls with confident answers to queries that show no landmark.
    /// </summary>
    public double GlobalAveragePrecision { get; }

    /// <summary>
    /// Its interval by resamples of the queries; null where none were asked for by
    /// <see cref="LandmarkEvaluationOptions.NumberOfResamples"/>.
    /// </summary>
    public MetricInterval? GlobalAveragePrecisionInterval { get; internal init; }

    /// <summary>Right answers among the queries that show a landmark, from 0 to 1.</summary>
    public double Accuracy { get; }

    /// <summary>Its interval by resamples of the queries; null where none were asked for.</summary>
    public MetricInterval? AccuracyInterval { get; internal init; }

    /// <summary>How well the predictions say whether there is a landmark; null where they have no column IsLandmark, or not those that the
    /// options decide by, or nothing but NaN in one of these.</summary>
    public LandmarkVerdictMetrics? Verdict { get; internal init; }

    /// <summary>Queries in the truth that count.</summary>
    public int QueryCount { get; }

    /// <summary>Queries with an answer.</summary>
    public int AnsweredCount { get; }

    /// <summary>Queries that show a landmark, answered or not.</summary>
    public int WithLandmarkCount { get; }

    /// <summary>Queries whose answer names a landmark that they show.</summary>
    public int RightCount { get; }

    /// <summary>Queries in the truth whose Usage is Ignored: they count nowhere.</summary>
    public int IgnoredCount { get; internal init; }

    /// <summary>
    /// The queries whose Usage is Public, by themselves; null where the truth has no such part or no private one, or one of them shows no
    /// landmark.
    /// </summary>
    public LandmarkMetrics? Public { get; internal init; }

    /// <summary>Likewise those whose Usage is Private.</summary>
    public LandmarkMetrics? Private { get; internal init; }
}
