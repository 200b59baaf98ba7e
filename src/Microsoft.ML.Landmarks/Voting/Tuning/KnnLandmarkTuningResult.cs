using System.ComponentModel;

namespace Microsoft.ML;

/// <summary>What <see cref="KnnLandmarkTuning"/> found.</summary>
public sealed class KnnLandmarkTuningResult
{
    internal KnnLandmarkTuningResult(int queryCount, int nonLandmarkQueryCount, double? estimatedGlobalAveragePrecision,
        double? plainGlobalAveragePrecision, string? reasonNotTuned)
    {
        QueryCount = queryCount;
        NonLandmarkQueryCount = nonLandmarkQueryCount;
        EstimatedGlobalAveragePrecision = estimatedGlobalAveragePrecision;
        PlainGlobalAveragePrecision = plainGlobalAveragePrecision;
        ReasonNotTuned = reasonNotTuned;
    }

    /// <summary>Training rows that were queries.</summary>
    public int QueryCount { get; }

    /// <summary>Non-landmark rows that were queries.</summary>
    public int NonLandmarkQueryCount { get; }

    /// <summary>The GAP of these queries with the weights and the exponent that were chosen, from 0 to 1; null where there were too few to
    /// choose by.</summary>
    public double? EstimatedGlobalAveragePrecision { get; }

    /// <summary>The same with 1, 1, 1, the values of the plain method.</summary>
    public double? PlainGlobalAveragePrecision { get; }

    /// <summary>What <see cref="PlainGlobalAveragePrecision"/> was called; programs may ask for it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public double? NotebookGlobalAveragePrecision => PlainGlobalAveragePrecision;

    /// <summary>Why 1, 1, 1 was kept without a comparison; null where there was one.</summary>
    public string? ReasonNotTuned { get; }
}
