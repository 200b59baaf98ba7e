using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>Measures verdicts that are decided anew, by the probabilities that predictions have.</summary>
internal static class VerdictRates
{
    /// <summary>The rates of false alarms that are looked at where none is asked for.</summary>
    public static IReadOnlyList<double> Usual { get; } = [0.01, 0.05, 0.1];

    /// <param name="ml">The context.</param>
    /// <param name="predictions">With probabilities of false alarms, and where <paramref name="unknownLandmarkRate"/> is given, of unknown
    /// landmarks.</param>
    /// <param name="truth">What the queries show.</param>
    /// <param name="known">Rows whose labels are the landmarks that the model knows; null where that is not told.</param>
    /// <param name="falseAlarmRates">The stated rates.</param>
    /// <param name="unknownLandmarkRate">That of unknown landmarks; null: they have no part in it.</param>
    public static IEnumerable<StatedVerdict> Measure(MLContext ml, IDataView predictions, IDataView truth, IDataView? known,
        IEnumerable<double> falseAlarmRates, double? unknownLandmarkRate)
        => falseAlarmRates.Select(rate => new StatedVerdict(rate, unknownLandmarkRate, ml.Data.EvaluateLandmarks(predictions, truth,
            new LandmarkEvaluationOptions
            {
                NumberOfResamples = 0,
                FalseAlarmRate = rate,
                UnknownLandmarkRate = unknownLandmarkRate,
                KnownLandmarks = known,
            }).Verdict!));
}
