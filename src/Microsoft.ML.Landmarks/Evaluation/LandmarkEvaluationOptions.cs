using Microsoft.ML.Landmarks.Evaluation;

namespace Microsoft.ML;

/// <summary>How predictions are compared with the truth.</summary>
public sealed class LandmarkEvaluationOptions
{
    /// <summary>Whether answers to queries that show no landmark are left out of the ranking. The challenge counts them as wrong.</summary>
    public bool IgnoreNonLandmarks { get; init; }

    /// <summary>
    /// How many times the queries are resampled for the intervals of GAP and accuracy, at least 0, which makes no intervals. 2,000
    /// resamples of 100,000 queries take some seconds. They are the same each time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int NumberOfResamples
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(NumberOfResamples));
            field = value;
        }
    } = 2000;

    /// <summary>
    /// Decide anew whether there is a landmark, by the column FalseAlarmProbability (Single): where it is at most this rate, above 0 and
    /// below 1. An answer with NaN counts as none; where all have NaN, there is no verdict. Null: as the column IsLandmark says, unless
    /// <see cref="UnknownLandmarkRate"/> is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double? FalseAlarmRate { get; init => field = StatedRate.Check(value, nameof(FalseAlarmRate)); }

    /// <summary>
    /// Likewise by the column UnknownLandmarkProbability; where both rates are given, there is a landmark where both allow it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double? UnknownLandmarkRate { get; init => field = StatedRate.Check(value, nameof(UnknownLandmarkRate)); }

    /// <summary>
    /// The landmarks that the model knows: a view like its training data, whose Label (Int32, Int64, text or key) is read, -1 and empty
    /// text left out. Null where that is not told; then nothing is said of queries whose landmark is unknown to the model.
    /// </summary>
    public IDataView? KnownLandmarks { get; init; }

    /// <summary>Stops resampling with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
