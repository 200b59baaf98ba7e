namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What is thought of an answer.</summary>
/// <param name="IsLandmark">Whether it is one.</param>
/// <param name="FalseAlarmProbability">The chance that a photograph of nothing is answered as surely.</param>
/// <param name="UnknownLandmarkProbability">The chance that a photograph of an unknown landmark is; NaN where nothing is known of
/// those.</param>
internal readonly record struct Judgement(bool IsLandmark, float FalseAlarmProbability, float UnknownLandmarkProbability)
{
    /// <summary>That of a row without an answer.</summary>
    public static readonly Judgement None = new(IsLandmark: false, float.NaN, float.NaN);
}
