namespace Microsoft.ML;

/// <summary>
/// Asks Fit to choose <see cref="KnnLandmarkEstimator.Options.TrainingPenaltyWeight"/>,
/// <see cref="KnnLandmarkEstimator.Options.QueryPenaltyWeight"/> and <see cref="KnnLandmarkEstimator.Options.SimilarityExponent"/> from the
/// fitted rows; what those options say is not taken then.
/// </summary>
/// <remarks>
/// <para>Leave-one-out: each training row is a query to the others, unless no other row has its label, and each non-landmark row is a query
/// that shows no landmark, to a model without it: where it counted in the penalty of a training row, the next nearest non-landmark does.
/// All 120 settings with weights 0, 0.25, 0.5, 0.75, 1 of the training penalty, 0, 0.5, 1, 2, 3, 5 of the query penalty, and exponents 1,
/// 2, 4, 8 are compared by the global average precision (GAP) of all these answers; equal confidences are ranked by row, training rows
/// first. The largest GAP wins; of equal ones the setting nearest to 1, 1, 1 by the sum of the three differences, then the smaller weights
/// and exponent in this order.</para>
/// <para>With fewer than 30 queries that show a landmark, or without non-landmarks, 1, 1, 1 is kept; a warning says so. The answers to rows
/// that were fitted estimate those to photographs of the same kind: where queries differ from the training rows, compare on queries with a
/// truth.</para>
/// <para>Only this step is without the row that is asked. A step before it that learned from the same rows,
/// <see cref="WhiteningEstimator"/> above all, has learned from that row too, and with few rows the estimate then promises too much, mostly
/// of small weights and large exponents. Measured with whitened features: below some 10 landmarks or 30 non-landmarks 1, 1, 1 was mostly
/// better than what was chosen.</para>
/// <para>The choice does not depend on threads. <see cref="KnnLandmarkEstimator.Options.QueryExpansion"/> takes no part in it, nor does
/// <see cref="LandmarkOptions.SameLandmarkSmoothing"/>: a smoothed row holds something of its neighbors, so that a row which is asked would
/// find itself in them. Rows are smoothed afterwards.</para>
/// </remarks>
public sealed class KnnLandmarkTuning
{
    // Of two kinds, and fewer than 30 of one say nothing.
    internal const int FewestQueries = 100;

    /// <summary>
    /// How many rows are queries at most, at least 100; each is compared with all training rows five times. Where there are more, a sample
    /// with a fixed seed is: the same share of training rows and of non-landmarks, but no fewer than 30 of either. Null: as many as leave
    /// the tuning below half of Fit's own time, or take a second or so: a quarter of the comparisons that the penalties of the training
    /// rows need, where reading a row counts as 4,000, or 40 million (all of some 3,000 rows), and no fewer than 100 queries.
    /// </summary>
    public int? MaximumNumberOfQueries
    {
        get;
        init
        {
            if (value is { } queries)
                ArgumentOutOfRangeException.ThrowIfLessThan(queries, FewestQueries, nameof(MaximumNumberOfQueries));
            field = value;
        }
    }

    /// <summary>Told which share of the tuning is done, from 0 to 1, while Fit works. It is no part of the model.</summary>
    public IProgress<double>? Progress { get; init; }
}
