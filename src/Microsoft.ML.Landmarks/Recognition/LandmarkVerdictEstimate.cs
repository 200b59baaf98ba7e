using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>
/// What a verdict makes of photographs, as far as the training rows tell: each was answered without itself, and without all rows of its
/// landmark. What else was learned of them stays learned, so that these are estimates; queries may differ more from the training rows than
/// those do from each other.
/// </summary>
/// <seealso cref="LandmarkRecognizingTransformer.EstimateVerdict"/>
public sealed class LandmarkVerdictEstimate
{
    internal LandmarkVerdictEstimate(MeasuredRate unknownLandmarks, MeasuredRate rightAnswersKept)
        => (UnknownLandmarks, RightAnswersKept) = (unknownLandmarks, rightAnswersKept);

    /// <summary>Of photographs whose landmark was left out, how many are answered; of none where there are fewer than 8 landmarks with at
    /// least 5 rows each.</summary>
    public MeasuredRate UnknownLandmarks { get; }

    /// <summary>Of photographs that are answered rightly by the others, how many are still answered.</summary>
    public MeasuredRate RightAnswersKept { get; }
}
