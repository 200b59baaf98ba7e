namespace Microsoft.ML;

/// <summary>How far a part of the work of <see cref="LandmarkRecognizingEstimator.Fit"/> is, once it has read its rows.</summary>
public sealed class LandmarkFitProgress
{
    internal LandmarkFitProgress(string work, long done, long total) => (Work, Done, Total) = (work, done, total);

    /// <summary>What is done, in words.</summary>
    public string Work { get; }

    /// <summary>How much of it is done.</summary>
    public long Done { get; }

    /// <summary>How much there is: rows, or folds or percents where <see cref="Work"/> says so.</summary>
    public long Total { get; }
}
