namespace Microsoft.ML;

/// <summary>How well queries were answered.</summary>
public sealed class LandmarkMetrics
{
    internal LandmarkMetrics(double globalAveragePrecision, double accuracy, int queryCount, int answeredCount, int withLandmarkCount, int rightCount)
    {
        GlobalAveragePrecision = globalAveragePrecision;
        Accuracy = accuracy;
        QueryCount = queryCount;
        AnsweredCount = answeredCount;
        WithLandmarkCount = withLandmarkCount;
        RightCount = rightCount;
    }

    /// <summary>
    /// GAP, from 0 to 1: the mean, over the queries that show a landmark, of the share of right answers among those at least as confident as
    /// each right answer. It falls with confident answers to queries that show no landmark.
    /// </summary>
    public double GlobalAveragePrecision { get; }

    /// <summary>Right answers among the queries that show a landmark, from 0 to 1.</summary>
    public double Accuracy { get; }

    /// <summary>Queries in the truth.</summary>
    public int QueryCount { get; }

    /// <summary>Queries with an answer.</summary>
    public int AnsweredCount { get; }

    /// <summary>Queries that show a landmark, answered or not.</summary>
    public int WithLandmarkCount { get; }

    /// <summary>Queries whose answer names a landmark that they show.</summary>
    public int RightCount { get; }
}
