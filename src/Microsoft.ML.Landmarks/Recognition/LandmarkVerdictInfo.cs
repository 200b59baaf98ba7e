using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Recognition.Calibration;

namespace Microsoft.ML;

/// <summary>By what a model judges whether answers are any.</summary>
public sealed record LandmarkVerdictInfo
{
    /// <inheritdoc cref="LandmarkRecognizingEstimator.Options.FalseAlarmRate"/>
    public double FalseAlarmRate { get; init; }

    /// <inheritdoc cref="LandmarkRecognizingEstimator.Options.FalseAlarmConfidence"/>
    public double? FalseAlarmConfidence { get; init; }

    /// <inheritdoc cref="LandmarkRecognizingEstimator.Options.UnknownLandmarkRate"/>
    public double? UnknownLandmarkRate { get; init; }

    /// <inheritdoc cref="LandmarkRecognizingTransformer.FalseAlarmsAreProved"/>
    public bool IsProved { get; init; }

    /// <inheritdoc cref="LandmarkRecognizingTransformer.FalseAlarmCount"/>
    public int FalseAlarmCount { get; init; }

    /// <inheritdoc cref="LandmarkRecognizingTransformer.FalseAlarmInterval"/>
    public MetricInterval FalseAlarmInterval { get; init; }

    internal static LandmarkVerdictInfo Of(Verdict verdict) => new()
    {
        FalseAlarmRate = verdict.Rates.FalseAlarms,
        FalseAlarmConfidence = verdict.Rates.Confidence,
        UnknownLandmarkRate = verdict.Rates.UnknownLandmarks,
        IsProved = verdict.Calibration.AreProved,
        FalseAlarmCount = verdict.Calibration.FalseAlarms.Count,
        FalseAlarmInterval = verdict.FalseAlarmInterval,
    };
}
