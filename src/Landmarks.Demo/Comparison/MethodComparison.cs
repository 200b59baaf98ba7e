using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>Compares methods by the same queries.</summary>
internal static class MethodComparison
{
    public const int Resamples = 2000;

    /// <param name="ml">The context.</param>
    /// <param name="methods">The first is what the others are compared with.</param>
    /// <param name="truth">Every query; at least one shows a landmark.</param>
    /// <param name="known">Rows whose labels are the landmarks that methods know, where nothing else is said of one.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IReadOnlyList<ComparedMethod> Run(MLContext ml, IReadOnlyList<ComparedAnswers> methods, IReadOnlyList<Truth> truth,
        IDataView known, CancellationToken cancellation)
    {
        IDataView shown = ml.Data.LoadFromEnumerable(truth);
        IReadOnlyList<LandmarkComparison> compared = ml.Data.CompareLandmarkPredictions([.. methods.Select(m => m.Answers)], shown,
            new LandmarkEvaluationOptions
            {
                NumberOfResamples = Resamples,
                KnownLandmarks = known,
                CancellationToken = cancellation,
            });
        return [.. methods.Zip(compared, (method, result) => new ComparedMethod(method, result, method.Known is { } own
            ? ml.Data.EvaluateLandmarks(method.Answers, shown,
                new LandmarkEvaluationOptions { NumberOfResamples = 0, KnownLandmarks = own }).Verdict
            : result.Metrics.Verdict))];
    }
}
