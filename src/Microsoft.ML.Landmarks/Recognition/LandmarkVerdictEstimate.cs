using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>
/// What a verdict makes of photographs, as far as the training rows tell: in five folds, each was answered by a model that had not learned
/// from it and knew its landmark, and by one that did not. These are estimates, and no promise: queries may differ more from the training
/// rows than those do from each other.
/// </summary>
/// <seealso cref="LandmarkRecognizingTransformer.EstimateVerdict"/>
public sealed class LandmarkVerdictEstimate
{
    internal LandmarkVerdictEstimate(MeasuredRate unknownLandmarks, MeasuredRate rightAnswersKept)
        => (UnknownLandmarks, RightAnswersKept) = (unknownLandmarks, rightAnswersKept);

    /// <summary>Of photographs whose landmark was left out, how many are answered; of none where there are fewer than 8 landmarks with at
    /// least 5 rows each.</summary>
    public MeasuredRate UnknownLandmarks { get; }

    /// <summary>Of photographs that are answered rightly by others, how many are still answered.</summary>
    public MeasuredRate RightAnswersKept { get; }
}
