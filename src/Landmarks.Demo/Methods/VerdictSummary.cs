using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>Says what the verdicts of a model keep, so that a user can choose the rates.</summary>
internal static class VerdictSummary
{
    // What --unknown-landmarks would cost is told of this rate, where none was asked for.
    private const double ExampleRate = 0.05;

    /// <param name="step">The step, just fitted.</param>
    /// <returns>Sentences; none where it has no verdict.</returns>
    public static IReadOnlyList<string> Of(LandmarkRecognizingTransformer step)
    {
        if (step is not { FalseAlarmRate: { } rate, FalseAlarmInterval: { } interval })
            return [];
        string how = step.FalseAlarmsAreProved ? $"judged by {step.FalseAlarmCount} of them that were held out"
            : $"as estimated, not proved, by folds of all {step.FalseAlarmCount}: with more of them a third could be held out";
        List<string> sentences =
        [
            $"Verdict: of photographs like the non-landmarks {Percent(rate)} are answered at most, {how}. With so many the true rate lies "
            + $"between {Percent(interval.Low)} and {Percent(interval.High)} (95 %).",
        ];
        LandmarkVerdictEstimate asked = step.EstimateVerdict(step.UnknownLandmarkRate);
        if (asked.UnknownLandmarks.Total == 0 || asked.RightAnswersKept.Total == 0)
            return sentences;
        sentences.Add("Estimated by training photographs: of landmarks that the model does not know "
            + $"{Percent(asked.UnknownLandmarks.Rate)} are answered, and {Percent(asked.RightAnswersKept.Rate)} of right answers are "
            + $"kept{Otherwise(step)}.");
        return sentences;
    }

    private static string Otherwise(LandmarkRecognizingTransformer step)
    {
        double? other = step.UnknownLandmarkRate is null ? ExampleRate : null;
        // Few photographs may not allow the example.
        if (other is { } rate && step.EstimateVerdict(null).UnknownLandmarks.Total < 1 / rate - 1)
            return "";
        LandmarkVerdictEstimate estimate = step.EstimateVerdict(other);
        return $"; {(other is { } example ? $"with --unknown-landmarks {Percent(example)}" : "without --unknown-landmarks")} "
            + $"{Percent(estimate.UnknownLandmarks.Rate)} and {Percent(estimate.RightAnswersKept.Rate)}";
    }

    private static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{100 * rate:0.#}%");
}
