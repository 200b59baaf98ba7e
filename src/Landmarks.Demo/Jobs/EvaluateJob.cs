using Landmarks.Demo.Comparison;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Jobs;

/// <summary>Compares predictions with the truth.</summary>
internal static class EvaluateJob
{
    public static void Run(Session session, EvaluateSettings settings)
    {
        IDataView predictions = session.ML.Data.LoadLandmarkSubmission(settings.Predictions),
            truth = session.ML.Data.LoadLandmarkTruth(settings.Truth);
        IReadOnlyList<double> rates = ListRates(predictions, settings);
        IDataView? known = settings.OpenKnown?.Invoke(session.ML);
        LandmarkMetrics metrics = session.ML.Data.EvaluateLandmarks(predictions, truth,
            new LandmarkEvaluationOptions { KnownLandmarks = known, CancellationToken = session.Cancellation });
        MetricsWriter.Write(session.Terminal, metrics);
        StatedVerdict[] answered = metrics.Verdict is { } verdict ? [new(null, null, verdict)] : [];
        VerdictReport.Write(session.Terminal, [.. answered, .. VerdictRates.Measure(session.ML, predictions, truth, known,
            rates, settings.UnknownLandmarkRate)]);
        session.Log.WriteWarnings();
    }

    // None where the predictions have no probabilities to decide by.
    private static IReadOnlyList<double> ListRates(IDataView predictions, EvaluateSettings settings)
    {
        if (settings.UnknownLandmarkRate is not null && !Tell(predictions, "UnknownLandmarkProbability"))
            throw Errors.NoUnknownLandmarkProbabilities(settings.Predictions);
        if (Tell(predictions, "FalseAlarmProbability"))
            return settings.FalseAlarmRate is { } rate ? [rate] : VerdictRates.Usual;
        return settings is { FalseAlarmRate: null, UnknownLandmarkRate: null }
            ? [] : throw Errors.NoFalseAlarmProbabilities(settings.Predictions);
    }

    private static bool Tell(IDataView predictions, string column)
        => predictions.Schema.GetColumnOrNull(column) is not null && predictions.GetColumn<float>(column).Any(value => !float.IsNaN(value));
}
